import { shortDigest } from '../image/digest.ts';
import { raw, safeText, type Untrusted } from '../image/untrusted.ts';
import type { Notice, ScanSummary } from '../policy/notice.ts';
import { consoleUrl, utc } from './words.ts';

// What stands around the findings of a notice, in words that every sink uses.

/** A page and its name in a message; the name is of fixed words and hex. */
export interface Page {
  readonly words: string;
  readonly url: string;
}

/** `open since 2026-11-17 22:05 UTC`, or of what is over how long it was; undefined where nobody wrote it down. */
export function openLine({ reason, background }: Notice): string | undefined {
  if (!background?.open) return undefined;
  const { since, seconds } = background.open;
  if (reason === 'resolved') return `was open for ${spanWords(seconds)}, since ${utc(since)}`;
  return `open for ${spanWords(seconds)}, since ${utc(since)}`;
}

/** `3 days 4 h`: the two largest parts that are not zero; under a minute that. */
export function spanWords(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return 'less than a minute';
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const parts = [
    ...(days > 0 ? [`${days} ${days === 1 ? 'day' : 'days'}`] : []),
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(rest > 0 && days === 0 ? [`${rest} min`] : []),
  ];
  return parts.slice(0, 2).join(' ');
}

/** What it replaced, by the commit where one is known; undefined where it replaced nothing that we know of. */
export function sinceLine({ background }: Notice): string | undefined {
  const before = background?.before;
  if (!before) return undefined;
  const commit = before.commit && `commit ${before.commit.slice(0, 7)}`;
  return `replaces ${commit ?? `sha256:${shortDigest(before.digest)}`}`;
}

/** The pages of the source: the commit, and what it changed. */
export function sourcePages({ background }: Notice): readonly Page[] {
  const { links, before } = background ?? {};
  const since = before?.commit ? ` since ${before.commit.slice(0, 7)}` : '';
  return [
    ...(links?.commit ? [{ words: 'see the commit', url: links.commit }] : []),
    ...(links?.compare ? [{ words: `see the changes${since}`, url: links.compare }] : []),
  ];
}

/** Where to go on: the image in ECR, our monitors in Datadog, what to do. */
export function furtherPages({ subject, background }: Notice): readonly Page[] {
  const { datadog, runbook } = background?.links ?? {};
  return [
    { words: 'open in ECR', url: consoleUrl(subject.image) },
    ...(datadog ? [{ words: 'monitors in Datadog', url: datadog }] : []),
    ...(runbook ? [{ words: 'runbook', url: runbook }] : []),
  ];
}

/** When it was pushed, and by whom where CloudTrail was read: a name that an account's people gave, so it is cut. */
export function pushedLine({ subject, background }: Notice): string {
  const { pushed } = background ?? {};
  if (!pushed) return `pushed ${utc(subject.pushedAt)}`;
  return `pushed ${utc(pushed.at)} by ${safeText(pushed.by, 128)}`;
}

/** `runs now in prod/api (3 tasks), prod/worker (1 task) and 2 more`; undefined where ECS told of none. */
export function runsLine({ subject, background }: Notice): string | undefined {
  const { runs } = background ?? {};
  if (!runs) return undefined;
  const here = subject.image.repository;
  const names = runs.workloads.map(({ account, region, cluster, name, tasks }) => {
    const isHere = account === here.account && region === here.region;
    const count = `${tasks} ${tasks === 1 ? 'task' : 'tasks'}${isHere ? '' : `, ${account} ${region}`}`;
    return `${plainName(cluster)}/${plainName(name)} (${count})`;
  });
  const more = `${runs.more > 0 ? ` and ${runs.more} more` : ''}${runs.isCut ? ', perhaps others' : ''}`;
  return `runs now in ${names.join(', ')}${more}`;
}

/** What could not be read must not look as if there were nothing. */
export function partialLine({ background }: Notice): string | undefined {
  return background?.isPartial ? 'what is around this image could not all be read in time' : undefined;
}

/**
 * What is open beside the findings that are shown: the new ones by their ids, as many as fit into `room` characters.
 * Undefined when all are shown. `print` makes an id safe for where it goes.
 */
export function moreLine(
  { shown, newCount, stillOpenCount, otherNewIds = [] }: ScanSummary,
  room: number,
  print: (id: Untrusted) => string = (id) => safeText(id, 60),
): string | undefined {
  const shownIds = (isNew: boolean) =>
    new Set(shown.flatMap((it) => (it.isNew === isNew ? raw(it.id) : []))).size;
  const fresh = newCount - shownIds(true);
  const old = stillOpenCount - shownIds(false);
  const parts = [
    ...(fresh > 0 ? [`${fresh} more new${namedIds(otherNewIds, fresh, room, print)}`] : []),
    ...(old > 0 ? [`${old} more still open`] : []),
  ];
  return parts.length > 0 ? `and ${parts.join('; ')}` : undefined;
}

/** `: CVE-1, CVE-2 and 5 others`, of so many; nothing when no id fits. */
export function namedIds(
  ids: readonly Untrusted[],
  count: number,
  room: number,
  print: (id: Untrusted) => string,
): string {
  const names: string[] = [];
  let left = room;
  for (const words of ids.map(print)) {
    left -= words.length + 2;
    if (left < 0) break;
    names.push(words);
  }
  if (names.length === 0) return '';
  const rest = count - names.length;
  return `: ${names.join(', ')}${rest > 0 ? ` and ${rest} ${rest === 1 ? 'other' : 'others'}` : ''}`;
}

/** ECS's names have a grammar; what is on the queue has none. */
export function plainName(name: string): string {
  return name.replace(/[^A-Za-z0-9_:-]/g, '_').slice(0, 60);
}
