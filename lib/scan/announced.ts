import type { Tag } from '../image/reference.ts';
import { type Instant, secondsBetween } from '../instant.ts';
import type { Reading } from './scan.ts';
import { NO_FINDINGS, SEVERITIES, type Severity } from './severity.ts';

/**
 * What an event said of a scan. A promise to hold the reading against, never a number that is shown: whoever could
 * forge an event would otherwise write our alerts.
 */
export interface Announced {
  readonly at: Instant;
  /** Only severities with at least one finding. */
  readonly counts: Readonly<Partial<Record<Severity, number>>>;
}

/** What an event says beside which image was scanned. */
export interface Said {
  readonly announced?: Announced | undefined;
  /** The image's tags then: what hangs on them is read early, and they are read again themselves. */
  readonly tags?: readonly Tag[] | undefined;
}

/** EventBridge tries for a day; what is older comes from an archive, and findings have closed since. */
const HOLDS_SECONDS = 24 * 3600;
/** Events tell whole seconds, and clocks differ. */
const SKEW_SECONDS = 60;

/**
 * The severities of which a reading has fewer findings than were announced; none when the promise is not about this
 * reading: told more than a day ago, or from the future, or of an earlier scan than the one that was read.
 */
export function shortOf(
  announced: Announced | undefined,
  reading: Reading,
  now: Instant,
): readonly Severity[] {
  if (!announced || reading.state !== 'scanned') return [];
  const { at, counts } = announced;
  const ageSeconds = secondsBetween(at, now);
  if (ageSeconds > HOLDS_SECONDS || ageSeconds < -SKEW_SECONDS) return [];
  if (reading.completedAt && secondsBetween(at, reading.completedAt) > SKEW_SECONDS) return [];
  const { dismissed = NO_FINDINGS } = reading;
  return SEVERITIES.filter(
    (severity) => (counts[severity] ?? 0) > reading.counts[severity] + dismissed[severity],
  );
}
