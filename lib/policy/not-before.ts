import { type Instant, toInstant } from '../instant.ts';
import { isZone } from '../wall-clock.ts';
import { type DigestTime, nextDigest } from './digest-time.ts';
import type { Notice } from './notice.ts';
import type { Policy } from './policy.ts';
import { endOfQuiet, type QuietHours } from './quiet-hours.ts';

/**
 * Until when a notice waits for the people whom it is for: the end of the quiet hours, or a digest. Undefined when it
 * does not wait: a critical finding is open in its image, or may be, since not all that was announced could be read. That
 * is so whatever the notice says of it, new or better: a rule with an exception would one night keep somebody from
 * hearing of a critical.
 *
 * A zone that this process does not know delays nothing: what cannot be understood must not keep a notice back.
 */
export function notBefore(
  { found, listIncomplete }: Pick<Notice, 'found' | 'listIncomplete'>,
  { quietHours, digest }: Pick<Policy, 'quietHours' | 'digest'>,
  now: Instant,
): Instant | undefined {
  if (listIncomplete || (found?.counts.CRITICAL ?? 0) > 0) return undefined;
  if (![quietHours, digest].every((it) => !it || isZone(it.zone))) return undefined;
  const nowMs = Date.parse(now);
  const gathered = digest ? (freeDigest(digest, quietHours, nowMs) ?? nextDigest(digest, nowMs)) : nowMs;
  const told = gathered !== undefined && quietHours ? endOfQuiet(quietHours, gathered) : gathered;
  return told === undefined || told <= nowMs ? undefined : toInstant(new Date(told));
}

/**
 * The first digest from an instant on that is not in quiet hours, so that Monday's has what came over the weekend; in
 * epoch milliseconds. Undefined where all of a week are in them: then the end of those of the next one is waited for.
 */
export function freeDigest(
  digest: DigestTime,
  quietHours: QuietHours | undefined,
  fromMs: number,
): number | undefined {
  let next = nextDigest(digest, fromMs);
  while (next !== undefined && next <= fromMs + WEEK_MS) {
    if (!quietHours || endOfQuiet(quietHours, next) === next) return next;
    next = nextDigest(digest, next + 1);
  }
  return undefined;
}

/** With the hour that a week may have more. */
const WEEK_MS = (7 * 24 + 1) * 3_600_000;

/** The notice, and until when it waits. */
export function inTime(notice: Notice, policy: Policy, now: Instant): Notice {
  const until = notBefore(notice, policy, now);
  return until === undefined ? notice : { ...notice, notBefore: until };
}
