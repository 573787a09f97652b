import { type Evidence, TIERS } from '../image/evidence.ts';
import type { ImageRecord } from '../image/record.ts';
import { repositoryKey } from '../image/reference.ts';
import { tagEvidence } from '../image/tag-form.ts';
import * as keys from './keys.ts';

/** What makes an image findable by its commit, as values of an expression. */
export interface CommitIndex {
  readonly ':tier': number;
  readonly ':pk': string;
  readonly ':sk': string;
}

export const SET_COMMIT = 'tier = :tier, gsi2pk = :pk, gsi2sk = :sk';

/**
 * A stronger source replaces what is there; of equals the first in the alphabet stays, so that the order in which they
 * come does not matter. The same again holds: two tags that are told at once then cost one write each.
 */
export const IF_STRONGER = 'attribute_not_exists(tier) OR tier > :tier OR (tier = :tier AND gsi2sk >= :sk)';

type Pushed = Pick<ImageRecord, 'image' | 'pushedAt'>;

/** By the strongest that is believed of what documents say and what was declared: it is never weaker than a tag. */
export function documentedCommit(of: Pushed, evidence: readonly Evidence[]): CommitIndex | undefined {
  const best = evidence.find(({ doubt }) => doubt === undefined);
  return best && toIndex(of, best);
}

/**
 * By a tag: of several the one that the condition would leave, by what each says alone. Whether they come together or
 * one by one, they end alike.
 */
export function taggedCommit(of: Pushed & Pick<ImageRecord, 'tags'>): CommitIndex | undefined {
  const [best] = of.tags
    .flatMap((tag) => tagEvidence(tag) ?? [])
    .filter(({ doubt }) => doubt === undefined)
    .map((it) => toIndex(of, it))
    .sort((a, b) => a[':tier'] - b[':tier'] || (a[':sk'] < b[':sk'] ? -1 : 1));
  return best;
}

function toIndex({ image, pushedAt }: Pushed, { tier, commit }: Evidence): CommitIndex {
  return {
    ':tier': TIERS[tier],
    ':pk': keys.commitPartition(commit),
    ':sk': `${commit}#${pushedAt}#${repositoryKey(image.repository)}`,
  };
}
