import type { Verification } from '../../../image/verification.ts';
import type { Stay } from './stays.ts';

/** A time of which not everything is known. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly why: string;
}

/** Where a time line may miss a move, or does not know when it was. */
export function gapsOf(
  stays: readonly Stay[],
  verification: Verification | undefined,
  nowMs: number,
): readonly Gap[] {
  const oldestMs = stays.at(-1)?.fromMs ?? nowMs;
  return [...unverified(oldestMs, verification, nowMs), ...stays.flatMap(guessed)].filter(
    ({ fromMs, toMs }) => fromMs < toMs,
  );
}

function unverified(oldestMs: number, verification: Verification | undefined, nowMs: number): readonly Gap[] {
  const never = 'not held against the registry: a push that AWS never told of is not here';
  if (!verification) return [{ fromMs: oldestMs, toMs: nowMs, why: never }];
  const [sinceMs, verifiedMs] = [Date.parse(verification.since), Date.parse(verification.verifiedAt)];
  return [
    { fromMs: oldestMs, toMs: Math.min(sinceMs, nowMs), why: never },
    { fromMs: Math.max(verifiedMs, oldestMs), toMs: nowMs, why: 'not held against the registry since' },
  ];
}

function guessed({ entry: { window }, fromMs }: Stay): readonly Gap[] {
  if (!window) return [];
  const from = window.notBefore ? Date.parse(window.notBefore) : fromMs;
  const why = 'no event told of this move: it was somewhere in here';
  return [{ fromMs: from, toMs: Date.parse(window.notAfter), why }];
}
