import type { Instant } from '../instant.ts';
import type { OpenFindings } from './open-findings.ts';
import type { Baseline } from './tracked.ts';

/** Somebody's word that the open findings of a tracked reference are known. */
export interface Acknowledged {
  /** Who, as the place names them where it was said. */
  readonly by: string;
  readonly at: Instant;
  /** What was open then. */
  readonly ids: readonly string[];
  /** Since when; absent where the baseline does not know. */
  readonly openedAt?: Instant;
}

/**
 * True when all that is open on these references is acknowledged: nothing came since, and nothing was clear in between.
 * Who has said so for one reference has not for another.
 */
export function areAcknowledged(
  tracked: readonly Baseline[],
  ids: readonly string[],
  acknowledged: readonly (Acknowledged | undefined)[],
): boolean {
  return tracked.every(({ open }, index) => {
    const word = acknowledged[index];
    return word !== undefined && open !== undefined && covers(word, open, ids);
  });
}

function covers({ ids: known, openedAt }: Acknowledged, open: OpenFindings, ids: readonly string[]): boolean {
  return openedAt === open.openedAt && ids.every((id) => known.includes(id));
}

/** The word on what a notice told, at a baseline that still stands for it; undefined where something else does. */
export function acknowledge(
  open: OpenFindings | undefined,
  noticeKey: string,
  word: Pick<Acknowledged, 'by' | 'at'>,
): Acknowledged | undefined {
  if (!open || open.toldAs !== noticeKey || open.ids.length === 0) return undefined;
  const { ids, openedAt } = open;
  return { ...word, ids, ...(openedAt && { openedAt }) };
}
