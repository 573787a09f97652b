import type { Instant } from '../instant.ts';
import type { AuditCount } from './tally.ts';

/** A count that is another one than a day before. */
export interface AuditChange extends AuditCount {
  /** Absent where nobody knew it then. */
  readonly before?: number;
}

/** What one finished audit found otherwise than the one before; told once. */
export interface AuditNews {
  readonly finishedAt: Instant;
  /** Some of them, what has become more first. */
  readonly changes: readonly AuditChange[];
  /** How many there are. */
  readonly changed: number;
}

/** As many as an event of Datadog has room for. */
const MOST_CHANGES = 30;

/** Undefined when nothing changed. A count that was not known before is a change where something is found. */
export function newsOf(
  before: readonly AuditCount[],
  { finishedAt, counts }: { readonly finishedAt: Instant; readonly counts: readonly AuditCount[] },
): AuditNews | undefined {
  const known = new Map(before.map((it) => [keyOf(it), it.count]));
  const changes = counts
    .map((it): AuditChange => ({ ...it, ...beforeOf(known.get(keyOf(it))) }))
    .filter(({ count, before = 0 }) => count !== before)
    .sort((a, b) => growthOf(b) - growthOf(a));
  if (changes.length === 0) return undefined;
  return { finishedAt, changes: changes.slice(0, MOST_CHANGES), changed: changes.length };
}

function beforeOf(before: number | undefined): Pick<AuditChange, 'before'> {
  return before === undefined ? {} : { before };
}

function growthOf({ count, before = 0 }: AuditChange): number {
  return count - before;
}

function keyOf({ account, region, check, severity }: AuditCount): string {
  return [account, region, check, severity].join(' ');
}
