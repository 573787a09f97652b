import type { Instant } from '../instant.ts';

/** Something that happened to a whole image, whatever its tags. Marks are only added, so their order does not matter. */
export interface Mark {
  readonly op: 'delete' | 'archive' | 'restore';
  readonly at: Instant;
}

/** The first time after `since` that an image left the registry, at or before `until`; undefined when it did not. */
export function deletionBetween(
  marks: readonly Mark[],
  since: Instant,
  until?: Instant,
): Instant | undefined {
  return marks.find(({ op, at }) => op === 'delete' && since < at && (!until || at <= until))?.at;
}

/** Since when an image has been archived; undefined when it can be pulled. */
export function archivedSince(marks: readonly Mark[]): Instant | undefined {
  const last = marks.findLast(({ op }) => op !== 'delete');
  return last?.op === 'archive' ? last.at : undefined;
}
