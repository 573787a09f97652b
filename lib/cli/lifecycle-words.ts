import { shortDigest } from '../image/digest.ts';
import type { Verdict } from '../lifecycle/evaluate.ts';
import type { Rule } from '../lifecycle/rule.ts';
import type { Use } from '../lifecycle/use.ts';
import { bothZones } from './time.ts';

const ACTIONS = { expire: 'expires', archive: 'archives' } as const;

/** A rule in a sentence. */
export function ruleText({ storageClass, tags, criterion, action }: Rule): string {
  const which =
    tags.status === 'tagged'
      ? `images tagged ${('patterns' in tags ? tags.patterns : tags.prefixes.map((it) => `${it}*`)).join(' and ')}`
      : tags.status === 'any'
        ? 'all images'
        : 'untagged images';
  const of = storageClass === 'archive' ? ' of the archive' : '';
  if (criterion.by === 'count')
    return `${ACTIONS[action]} ${which}${of} but for the newest ${criterion.keeps}`;
  const days = criterion.days === 1 ? '1 day' : `${criterion.days} days`;
  return `${ACTIONS[action]} ${which}${of} that were ${criterion.since} more than ${days} ago`;
}

/** When an image goes, and why then; or why it stays. */
export function whenText(verdict: Verdict): string {
  const { fate, heldBy, follows, after } = verdict;
  if (fate === 'kept')
    return heldBy.length > 0 ? `kept: ${short(heldBy)} lists it` : `kept: ${keptText(verdict)}`;
  const reason = follows ? `with ${shortDigest(follows)}, which it is about` : dueText(verdict);
  return `${fate} ${reason}${after.length > 0 ? `, after ${short(after)}, which lists it` : ''}`;
}

function dueText({ due, place, rule, isTied }: Verdict): string {
  if (due) return `since ${bothZones(due)}`;
  const keeps = rule?.criterion.by === 'count' ? rule.criterion.keeps : 0;
  const tied = isTied ? `, unless others of the same time go first` : '';
  return `now: it is number ${place?.rank} of ${place?.of}, the rule keeps ${keeps}${tied}`;
}

function keptText({ rule, due, place }: Verdict): string {
  if (!rule) return 'no rule takes it';
  if (due) return `until ${bothZones(due)}`;
  return place ? `number ${place.rank} of ${place.of}` : 'it has no time that the rule looks at';
}

function short(digests: Verdict['after']): string {
  return digests.slice(0, 3).map(shortDigest).join(', ') + (digests.length > 3 ? ' and others' : '');
}

const ROLES = { runs: 'RUNS', rollback: 'ROLLBACK', followed: 'FOLLOWED' } as const;

/** What an image is to a workload, in a word or two. */
export function useText({ as, relation, workload, tasks, tag }: Use): string {
  const name = `${workload.cluster}/${workload.name}`;
  if (relation === 'lists') return `lists an image of ${name}`;
  const count = tasks === 1 ? ' (1 task)' : ` (${tasks} tasks)`;
  const detail = as === 'runs' ? count : as === 'followed' ? ` by ${tag}` : '';
  return `${ROLES[as]} ${name}${detail}${relation === 'listed' ? ', by its index' : ''}`;
}
