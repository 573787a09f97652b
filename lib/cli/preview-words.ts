import { shortDigest } from '../image/digest.ts';
import type { NoticeReason, SilenceReason } from '../policy/notice.ts';
import type { OpenFindings } from '../policy/open-findings.ts';
import { NEWEST_PUSH, type Policy } from '../policy/policy.ts';
import type { Previewed } from '../preview/previewed.ts';
import type { Rendered } from '../preview/renderers.ts';
import { bothZones } from './time.ts';
import { row } from './words.ts';

const WHY: Readonly<Record<NoticeReason | SilenceReason, string>> = {
  'first-scan': 'nobody has heard of what it is known by so far, and something is open',
  'new-findings': 'another image, or another policy, brought what was not open before',
  worse: 'the image is the same, and more is known of it than before',
  better: 'some of what was open is not found any more, and nothing is new',
  resolved: 'nothing of what was open is found any more',
  'not-scanned': 'there is nothing to read of its scan, which is not the same as clean',
  'reminder-due': 'it is still open, and people last heard of it as long ago as the policy says',
  'below-threshold': 'nothing at the threshold or worse is open, and nothing was',
  ignored: 'rules of the policy ignore all that is at the threshold or worse',
  'not-fixable': 'nothing at the threshold or worse has a fix, and the policy asks for what has',
  unchanged: 'nothing is new, and nothing is gone',
  untracked: 'none of its tags is followed, and something newer was pushed to the repository',
  'already-answered': 'this scan was answered before; --afresh shows the message again',
  'never-a-subject': 'it is no image: an attestation, a signature or a cache',
  gone: 'the registry has no such image any more',
};

/** Why something is said, or nothing is, with what was said before; undefined where nobody decided. */
export function whyOf({ reason, before }: Pick<Previewed, 'reason' | 'before'>): string | undefined {
  if (!reason) return undefined;
  const isSaidBefore = reason === 'unchanged' || reason === 'already-answered';
  const told = isSaidBefore ? toldWords(before) : undefined;
  return `${WHY[reason]}${told ? `: ${told}` : ''}`;
}

/** `the same 3 findings were told on …`, of the reference that people heard of last. */
function toldWords(before: readonly OpenFindings[]): string | undefined {
  const [last] = [...before].sort((a, b) => ((a.toldAt ?? '') < (b.toldAt ?? '') ? 1 : -1));
  if (!last) return undefined;
  const count = last.ids.length === 1 ? '1 finding was' : `${last.ids.length} findings were`;
  if (last.ids.length === 0) return `nothing was open at ${bothZones(last.readAt)}`;
  return last.toldAt
    ? `the same ${count} told on ${bothZones(last.toldAt)}`
    : `the same ${count} open at ${bothZones(last.readAt)}`;
}

const HEADS: Readonly<Record<Previewed['outcome'], string>> = {
  notice: 'MESSAGE',
  silence: 'SILENCE',
  gauges: 'GAUGES',
  nothing: 'NOTHING',
};

/** What comes of it and why; `source` says where the policy is from. */
export function headLines(previewed: Previewed, source: string | undefined): readonly string[] {
  const { image, tags, outcome, reason, remark, waitsFor, policy, before } = previewed;
  const name = image && `${image.repository.name}@${shortDigest(image.digest)}${tagWords(tags)}`;
  const why = whyOf(previewed);
  return [
    `${HEADS[outcome]}  ${[...(name ? [name] : []), reason ?? remark ?? 'gauges for Datadog'].join(': ')}`,
    ...(why ? [row('why', why)] : []),
    ...(remark && reason ? [row('note', remark)] : []),
    ...(waitsFor ? [row('WAITS', `${waitsFor}: for now nothing is said, and this if that stays so`)] : []),
    ...(policy && source ? [row('policy', `${source}; ${policyWords(policy)}`)] : []),
    ...before.map((it) => row('before', beforeWords(it))),
  ];
}

/** One sink's part, under its name. */
export function renderedLines(sink: string, { form, to, lines }: Rendered): readonly string[] {
  const head = `${sink} ${form}${to ? ` to ${to}` : ''}`;
  return ['', `--- ${head} ${'-'.repeat(Math.max(3, 60 - head.length))}`, ...lines];
}

function tagWords(tags: readonly string[]): string {
  if (tags.length === 0) return '';
  const more = tags.length > 5 ? ` and ${tags.length - 5} more` : '';
  return ` (${tags.slice(0, 5).join(', ')}${more})`;
}

function policyWords({ notifyAt, onlyFixable, trackedTags, ignore = [] }: Policy): string {
  return [
    `from ${notifyAt} on`,
    ...(onlyFixable ? ['what has a fix only'] : []),
    `follows ${trackedTags.join(', ')}`,
    ...(ignore.length > 0 ? [`${ignore.length} ${ignore.length === 1 ? 'rule' : 'rules'} to ignore`] : []),
  ].join('; ');
}

function beforeWords({ reference, ids, readAt, toldAt }: OpenFindings): string {
  const name = reference === NEWEST_PUSH ? 'newest push' : reference;
  const told = toldAt ? `, people last heard on ${bothZones(toldAt)}` : ', people have not heard of it';
  return `${name}: ${ids.length} open at ${bothZones(readAt)}${told}`;
}
