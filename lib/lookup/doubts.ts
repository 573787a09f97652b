import { TIERS } from '../image/evidence.ts';
import { isLong } from './gaps.ts';
import type { WhoAnswer } from './who.ts';

/** Why an answer should not be relied upon without looking; `--strict` fails for any of them. */
export type AnswerDoubt =
  | 'commit-unknown'
  | 'commit-unverified'
  | 'commit-conflict'
  | 'commit-dirty'
  | 'same-second'
  | 'history-gap'
  | 'time-guessed';

/** The weakest tier that somebody else than whoever pushed stands for: BuildKit fetched that commit itself. */
const VERIFIED = 1;

/** Every reason to doubt an answer, in the order of the list above. */
export function doubtsOf({ provenance, tied, gaps, window }: WhoAnswer): readonly AnswerDoubt[] {
  const best = provenance?.best;
  const doubts: readonly (readonly [AnswerDoubt, boolean])[] = [
    ['commit-unknown', best === undefined],
    ['commit-unverified', best !== undefined && TIERS[best.tier] > VERIFIED],
    ['commit-conflict', (provenance?.conflicts.length ?? 0) > 0],
    ['commit-dirty', best?.isDirty === true],
    ['same-second', tied !== undefined],
    ['history-gap', gaps.some(isLong)],
    ['time-guessed', window !== undefined],
  ];
  return doubts.flatMap(([doubt, isSo]) => (isSo ? doubt : []));
}
