import { styleText } from 'node:util';
import { shortDigest } from '../image/digest.ts';
import type { Hosts } from '../image/links.ts';
import { safeText } from '../image/untrusted.ts';
import { doubtsOf } from '../lookup/doubts.ts';
import { linksOf, type SourceLinks } from '../lookup/source-links.ts';
import type { WhoAnswer } from '../lookup/who.ts';
import type { KeptFinding } from '../scan/scan-findings.ts';
import { EXIT, type Options, type Output } from './command.ts';
import { tasksText, workloadText } from './run-words.ts';
import { ago, bothZones } from './time.ts';
import { single } from './value.ts';
import { commitLines, gapText, place, row, scanText, tiedText, verificationText } from './words.ts';

/** An answer, and the manifest that was asked for when the answer is about the index that lists it. */
type Answer = WhoAnswer & {
  readonly part?: string;
  readonly links: SourceLinks;
  /** Absent when they were not asked for, or no scan is on record. */
  readonly findings?: readonly KeptFinding[];
  readonly areFindingsWhole?: boolean;
};

/** What `who` says: the answer first, how it is known, and every doubt. */
export function answerOutput(
  schema: string,
  typed: string,
  found: Omit<Answer, 'links'>,
  { output, strict = false }: Options,
  { now, hosts }: { readonly now: Date; readonly hosts: Hosts },
): Output {
  const answer: Answer = { ...found, links: linksOf(found, found.previous, hosts) };
  const doubts = doubtsOf(answer);
  const exit = strict && doubts.length > 0 ? EXIT.fault : EXIT.found;
  if (output) return single(schema, output, wantedValue(output, answer), exit);
  return {
    exit,
    lines: [...describe(answer, now), ...(exit === EXIT.fault ? [row('STRICT', doubts.join(', '))] : [])],
    document: { schema, reference: typed, ...answer, doubts },
    paint,
  };
}

function wantedValue(wanted: string, { digest, provenance, links }: Answer): string | undefined {
  if (wanted === 'digest') return digest;
  if (wanted === 'url') return links.commit;
  return provenance?.best.commit;
}

function describe(answer: Answer, now: Date): readonly string[] {
  const { repository, tag, digest, at, since, until, tied, provenance, scan, verification, part } = answer;
  const commit = provenance ? provenance.best.commit.slice(0, 12) : 'commit unknown';
  const [first = '', ...doubts] = commitLines(provenance);
  return [
    `${repository.name}${tag ? `:${tag}` : ''}  ${commit}  ${shortDigest(digest)}${since ? `  since ${ago(since, now)}` : ''}`,
    row('asked for', bothZones(at)),
    row('commit', first),
    ...doubts.map((doubt) => row('', doubt)),
    ...linkRows(answer),
    ...previousRows(answer),
    row('digest', digest),
    ...(part ? [row('lists', part)] : []),
    row('where', place(repository)),
    ...(since ? [row('from', sinceText(answer, since))] : []),
    ...(tag && since ? [row('until', until ? bothZones(until) : 'still so, by the events seen')] : []),
    ...(tied ? [row('DOUBT', tiedText(tied))] : []),
    ...imageRows(answer),
    ...runningRows(answer),
    row('scan', scanText(scan)),
    ...findingRows(answer),
    row('history', verificationText(verification)),
    ...answer.gaps.map((gap) => row('gap', gapText(gap))),
  ];
}

function runningRows({ running }: Answer): readonly string[] {
  if (!running) return [];
  if (running.length === 0) return [row('runs in', 'no ECS task is known to run it now')];
  return running.map((use) => row('runs in', `${workloadText(use)}  ${tasksText(use)}`));
}

function sinceText({ window }: Answer, since: NonNullable<Answer['since']>): string {
  if (!window) return bothZones(since);
  const { notBefore, notAfter } = window;
  return `${notBefore ? `between ${bothZones(notBefore)} and` : 'not after'} ${bothZones(notAfter)}: no event came`;
}

function linkRows({ links }: Answer): readonly string[] {
  return [
    ...(links.commit ? [row('see', links.commit)] : []),
    ...(links.compare ? [row('changes', links.compare)] : []),
    ...(links.build ? [row('build', links.build)] : []),
  ];
}

function previousRows({ previous }: Answer): readonly string[] {
  if (!previous) return [];
  const commit = previous.provenance?.best.commit.slice(0, 12) ?? 'commit unknown';
  return [row('before', `${commit}  ${shortDigest(previous.digest)}`)];
}

function imageRows({ image, archivedAt, deletedAt }: Answer): readonly string[] {
  if (!image) return [row('image', 'its push has been seen, its description not yet')];
  const { tags, platforms, pushedAt } = image;
  return [
    row('pushed', bothZones(pushedAt)),
    row('tags', tags.join(', ') || 'none'),
    ...(platforms.length > 0 ? [row('platforms', platforms.map(({ platform }) => platform).join(', '))] : []),
    ...(archivedAt ? [row('ARCHIVED', bothZones(archivedAt))] : []),
    ...(deletedAt ? [row('DELETED', bothZones(deletedAt))] : []),
  ];
}

/** Each with its packages and the version that fixes it, so that it can be acted upon. */
function findingRows({ findings = [], areFindingsWhole = true }: Answer): readonly string[] {
  return [
    ...findings.map(({ id, severity, packages = [] }) => {
      const where = packages.map(({ name, version, fixedIn }) =>
        [safeText(name, 60), safeText(version, 40), ...(fixedIn ? ['->', safeText(fixedIn, 40)] : [])].join(
          ' ',
        ),
      );
      return row('finding', `${safeText(id, 60)} (${severity.toLowerCase()})  ${where.join(', ')}`.trimEnd());
    }),
    ...(areFindingsWhole ? [] : [row('DOUBT', 'the list of findings is incomplete: there may be more')]),
  ];
}

/** The answer in bold, what speaks against it in red. */
function paint(line: string): string {
  if (!line.startsWith(' ')) return styleText('bold', line, { validateStream: false });
  const isDoubt = /^ {2}(?:DOUBT|ARCHIVED|DELETED|STRICT|WARNING|gap) |^ +CONFLICT/.test(line);
  return isDoubt ? styleText('red', line, { validateStream: false }) : line;
}
