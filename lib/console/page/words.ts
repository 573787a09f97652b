import type { Evidence, Tier } from '../../image/evidence.ts';
import { HOW, sourceWords } from '../../image/evidence-words.ts';
import type { Repository } from '../../image/reference.ts';
import type { AnswerDoubt } from '../../lookup/doubts.ts';
import type { Run } from '../../workload/run.ts';

/** The first twelve characters, as people print digests and commits. */
export function short(text: string): string {
  return text.replace(/^sha256:/, '').slice(0, 12);
}

/** How a commit is known, in a word that fits a mark. */
export const TIER_WORDS: Readonly<Record<Tier, string>> = {
  signed: 'signed',
  builder: 'verified',
  'signed-unverified': 'statement',
  'client-hint': 'claimed',
  annotation: 'annotation',
  label: 'label',
  declared: 'declared',
  'tag-full': 'tag',
  'tag-short': 'short tag',
};

/** Verified by somebody else than whoever pushed; claimed in a document; or read from a tag. */
export function strengthOf(tier: Tier): 'verified' | 'claimed' | 'tag' {
  if (tier === 'signed' || tier === 'builder') return 'verified';
  return tier === 'tag-full' || tier === 'tag-short' ? 'tag' : 'claimed';
}

/** How we know, and from where. */
export function howKnown({ tier, source }: Evidence): string {
  return `${HOW[tier]} (${sourceWords(source)})`;
}

export const DOUBT_WORDS: Readonly<Record<AnswerDoubt, string>> = {
  'commit-unknown': 'Nothing on record names the commit of this image.',
  'commit-unverified': 'Whoever pushed says which commit it is; nobody else does.',
  'commit-conflict': 'Its sources name different commits.',
  'commit-dirty': 'It was built with changes that are in no commit.',
  'same-second': 'The tag moved more than once in that second: which came last is not known.',
  'history-gap': 'A move may be missing: the history was not held against the registry all the time.',
  'time-guessed': 'No event told of this push: its time is a guess.',
};

/** `name in account/region`. */
export function place({ account, region, name }: Repository): string {
  return `${name} in ${account}/${region}`;
}

/** An image or tag by its whole name, which means one repository and no other. */
export function wholeName({ account, region, name }: Repository, rest = ''): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com/${name}${rest}`;
}

/** `cluster/service`. */
export function serviceName({ workload: { cluster, name } }: Pick<Run, 'workload'>): string {
  return `${cluster}/${name}`;
}

export function count(number: number, one: string, several = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : several}`;
}
