import { shortDigest } from '../image/digest.ts';
import type { AskedRepositories } from '../lookup/overview-page.ts';
import type { OverviewPorts } from '../lookup/overview-ports.ts';
import type { ReferenceState } from '../lookup/reference-state.ts';
import { type RepositoriesAnswer, repositories } from '../lookup/repositories.ts';
import type { RepositoryState, Standing } from '../lookup/repository-state.ts';
import type { RunningImage } from '../lookup/running-state.ts';
import { NEWEST_PUSH } from '../policy/policy.ts';
import type { Counted } from '../policy/shown.ts';
import { countWords, NO_FINDINGS, SEVERITIES } from '../scan/severity.ts';
import { columns } from './columns.ts';
import { EXIT, type Output } from './command.ts';
import { ago, bothZones } from './time.ts';
import { place, row, unanswered } from './words.ts';

const SCHEMA = 'scan-response.repositories/v1';

/** Looks all repositories up, a page of them, and says what is open in each. */
export async function repositoriesReport(asked: AskedRepositories, ports: OverviewPorts): Promise<Output> {
  const answer = await repositories(asked, ports);
  if (answer.found === 'nothing') return unanswered(SCHEMA, answer);
  return { exit: EXIT.found, lines: repositoriesLines(answer), document: { schema: SCHEMA, ...answer } };
}

const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  'runs-critical': 'RUNS WITH CRITICALS',
  critical: 'CRITICALS',
  'not-scanned': 'NOT SCANNED',
  waiting: 'waits for a scan',
  scanned: 'scanned',
  unknown: 'no scan on record: this does not mean clean',
};

/** The page as it is printed. */
export function repositoriesLines({
  at,
  repositories: all,
  audit,
  next,
}: RepositoriesAnswer): readonly string[] {
  const now = new Date(at);
  return [
    ...(all.length === 0 ? ['none on this page'] : all.flatMap((it) => repositoryLines(it, now))),
    ...(audit ? auditLines(audit) : []),
    row('as of', bothZones(at)),
    ...(next === undefined ? [] : [row('more', `--after ${next}`)]),
  ];
}

function repositoryLines(it: RepositoryState, now: Date): readonly string[] {
  const { repository, standing, references, running, isWhole } = it;
  const cells = references.map((reference) => referenceCells(reference, now));
  return [
    `${place(repository)}  ${STANDING_WORDS[standing]}`,
    ...columns(cells).map((line) => `  ${line}`),
    ...running.map((image) => row('runs', runningText(image))),
    ...historyLines(it),
    ...(isWhole ? [] : [row('BOUND', 'it has more references, or more that runs, than were read')]),
  ];
}

function referenceCells(it: ReferenceState, now: Date): readonly string[] {
  const { reference, digest, since, provenance, openSince } = it;
  return [
    nameOf(reference),
    stateText(it),
    provenance?.best.commit.slice(0, 12) ?? shortDigest(digest),
    openSince ? `open since ${ago(openSince, now)}` : `since ${ago(since, now)}`,
  ];
}

function nameOf(reference: string): string {
  return reference === NEWEST_PUSH ? 'newest push' : reference;
}

function stateText(it: ReferenceState): string {
  const { state, status, before } = it;
  if (state === 'scanned') return countedText(it);
  const past = before?.counts ? `; the image before: ${countedText(before)}` : '';
  if (state === 'waiting') return `waits for its scan${past}`;
  return `not scanned${status ? ` (${status})` : ''}${past}`;
}

/** What is open; a zero that is not known to be one is said. */
function countedText({ counts, fixable, ignored, unknown = [] }: Partial<Counted>): string {
  if (!counts) return 'no counts on record';
  const words = countWords(counts).join(', ') || 'no findings';
  const fixes = fixable && SEVERITIES.reduce((sum, it) => sum + fixable[it], 0);
  const aside = countWords({ ...NO_FINDINGS, ...ignored }).join(', ');
  return [
    words,
    ...(fixes ? [`${fixes} fixable`] : []),
    ...(aside ? [`ignored: ${aside}`] : []),
    ...(unknown.length > 0 ? ['list incomplete'] : []),
  ].join('; ');
}

function runningText(image: RunningImage): string {
  const { services, digest, reference } = image;
  const named = services.map(({ cluster, name, tasks }) => `${cluster}/${name} (${tasks})`).join(', ');
  const what = reference === undefined ? shortDigest(digest) : nameOf(reference);
  const open = image.counts ? countedText(image) : 'no scan on record: this does not mean clean';
  return `${named}: ${what}, ${open}`;
}

function historyLines({ history, verification, lastPushAt }: RepositoryState): readonly string[] {
  const checked = verification && bothZones(verification.verifiedAt);
  const doubt = checked
    ? `INCOMPLETE: not held against the registry since ${checked}`
    : 'INCOMPLETE: never held against the registry, so a push that AWS never told of is missing';
  return [
    ...(lastPushAt ? [row('last push', bothZones(lastPushAt))] : []),
    row('history', history === 'verified' ? `verified at ${checked}` : doubt),
  ];
}

function auditLines({ finishedAt, counts }: NonNullable<RepositoriesAnswer['audit']>): readonly string[] {
  const places = [...new Set(counts.map(({ account, region }) => `${account}/${region}`))];
  return places.map((where) => {
    const here = counts.filter(({ account, region }) => `${account}/${region}` === where);
    const sums = { ...NO_FINDINGS };
    for (const { severity, count } of here) sums[severity] += count;
    const found = countWords(sums).join(', ') || 'nothing';
    return row('audit', `${where}: ${found}, at ${bothZones(finishedAt)}; scan-response audit says what`);
  });
}
