import type { Asked } from './front.ts';

/**
 * How many round trips an event waits for, one behind the other. What was asked before it, while the function started, ends
 * with the last `GET`: those open connections, and no event of ours asks by GET.
 */
export function roundTrips(asked: readonly Asked[]): number {
  return last(asked) - last(asked.filter(isOpening));
}

/** A request that was sent for its connection alone. */
export function isOpening({ operation }: Asked): boolean {
  return operation.startsWith('GET ');
}

function last(asked: readonly Asked[]): number {
  return Math.max(0, ...asked.map(({ round }) => round));
}
