import type { HistoryEntry } from '../../../lookup/history.ts';

/** The time that a tag spent on one image, or on none. */
export interface Stay {
  readonly key: string;
  readonly fromMs: number;
  /** Absent while it has not left. */
  readonly toMs?: number;
  /** What began it; without a digest it was deleted. */
  readonly entry: HistoryEntry;
  /** Pushes that changed nothing, to the image that it had already. */
  readonly repeats: number;
  /** In the same second the tag was something else as well. */
  readonly isTied: boolean;
}

/** The stays of a history, the newest first, as its entries are. */
export function staysIn(entries: readonly HistoryEntry[]): readonly Stay[] {
  const stays: Stay[] = [];
  for (const entry of entries) {
    const later = stays.at(-1);
    const fromMs = Date.parse(entry.at);
    if (later && later.entry.digest === entry.digest)
      stays[stays.length - 1] = { ...later, ...begun(entry), fromMs, repeats: later.repeats + 1 };
    else
      stays.push({
        ...begun(entry),
        fromMs,
        ...(later && { toMs: later.fromMs }),
        repeats: 0,
        isTied: false,
      });
  }
  return stays.map((stay, nth) => ({ ...stay, isTied: isTied(stays, nth) }));
}

function begun(entry: HistoryEntry): Pick<Stay, 'entry' | 'key'> {
  return { entry, key: `${entry.at} ${entry.digest ?? 'deleted'}` };
}

function isTied(stays: readonly Stay[], nth: number): boolean {
  const at = stays[nth]?.fromMs;
  return stays[nth - 1]?.fromMs === at || stays[nth + 1]?.fromMs === at;
}

/**
 * A page of older entries behind those that are there. Both have the second of the last one, of which the first page
 * may have been cut: it is taken from the second page, with what is older.
 */
export function joined(
  newer: readonly HistoryEntry[],
  older: readonly HistoryEntry[],
): readonly HistoryEntry[] {
  const last = newer.at(-1)?.at;
  if (last === undefined) return older;
  return [...newer.filter(({ at }) => at > last), ...older.filter(({ at }) => at <= last)];
}
