import { sourceHosts } from '../config.ts';
import { BadReference } from '../errors.ts';
import { shortDigest } from '../image/digest.ts';
import { parseReference } from '../image/reference.ts';
import { safeText } from '../image/untrusted.ts';
import { type DiffAnswer, diff, type Side } from '../lookup/diff.ts';
import { linksOf, type SourceLinks } from '../lookup/source-links.ts';
import type { WhoAnswer } from '../lookup/who.ts';
import type { FoundId, ScanChange } from '../scan/scan-findings.ts';
import { type Command, EXIT, type Options, type Output } from './command.ts';
import { parseMoment } from './moment.ts';
import { FOLD, PLACE } from './options.ts';
import { bothZones } from './time.ts';
import { commitLines, gapText, place, row, scanText, unanswered } from './words.ts';

const SCHEMA = 'scan-response.diff/v1';

/** More findings than these are counted, not listed; --json has them all. */
const MAX_LISTED = 10;

export const diffCommand: Command = {
  usage: 'diff <older> <newer>',
  summary: 'What changed between two images: diff demo-api:latest@{yesterday} demo-api:latest, or with ~1.',
  options: { ...PLACE, ...FOLD },
  takesReference: 'two',
  async run(older, options, { lookup, environment }, newer): Promise<Output> {
    const ports = await lookup();
    const [from, to] = [older, newer].map((it) => sideOf(it, options, ports.now())) as [Side, Side];
    const answer = await diff(from, to, ports);
    if (answer.found !== 'one') return unanswered(SCHEMA, answer);
    const links = linksOf(answer.to, answer.from, sourceHosts(environment));
    return {
      exit: EXIT.found,
      lines: describe(answer, links),
      document: { schema: SCHEMA, references: [older, newer], ...answer, links },
    };
  },
};

function sideOf(typed: string, { account, region, fold }: Options, now: Date): Side {
  const { text, at, back } = parseMoment(typed, fold === undefined ? {} : { fold }, now);
  const reference = { ...parseReference(text), ...(account && { account }), ...(region && { region }) };
  if (reference.digest && back > 0) throw new BadReference('~ and @{…} go with a tag; a digest never moves');
  return { reference, at, back };
}

function describe(answer: DiffAnswer, links: SourceLinks): readonly string[] {
  const { from, to, isSameImage, isSameCommit, scans } = answer;
  const [older, newer] = [from, to].map(short);
  const what = isSameImage ? 'the same image' : isSameCommit ? 'another image of the same commit' : 'changed';
  return [
    `${named(to)}  ${older} -> ${newer}  ${what}`,
    ...(links.compare ? [row('changes', links.compare)] : []),
    ...sideRows('older', from),
    ...sideRows('newer', to),
    ...(isSameImage ? [] : scanRows(scans)),
  ];
}

function short({ provenance, digest }: WhoAnswer): string {
  return provenance?.best.commit.slice(0, 12) ?? `(${shortDigest(digest)})`;
}

function named({ repository, tag }: WhoAnswer): string {
  return `${repository.name}${tag ? `:${tag}` : ''}`;
}

function sideRows(title: string, answer: WhoAnswer): readonly string[] {
  const { digest, since, until, provenance, repository, scan, gaps, tied } = answer;
  const [first = '', ...doubts] = commitLines(provenance);
  return [
    row(title, `${named(answer)}  ${digest}`),
    row('', place(repository)),
    row('', `commit ${first}`),
    ...doubts.map((doubt) => row('', doubt)),
    ...(since ? [row('', `from ${bothZones(since)}${until ? ` until ${bothZones(until)}` : ''}`)] : []),
    ...(tied ? [row('', 'DOUBT: in the same second it was something else as well; see who')] : []),
    ...gaps.map((gap) => row('', gapText(gap))),
    row('', `scan: ${scanText(scan)}`),
  ];
}

function scanRows(scans: ScanChange | undefined): readonly string[] {
  if (!scans) return [row('findings', 'not compared: one of the two has no scan on record')];
  const { appeared, gone, doubt } = scans;
  return [
    row('new', idsText(appeared)),
    row('gone', idsText(gone)),
    ...(doubt === 'another-scanner'
      ? [row('DOUBT', 'different scanners: what they call a finding differs')]
      : []),
    ...(doubt === 'list-incomplete' ? [row('DOUBT', 'a list is incomplete: there may be more')] : []),
  ];
}

function idsText(found: readonly FoundId[]): string {
  if (found.length === 0) return 'none';
  const listed = found
    .slice(0, MAX_LISTED)
    .map(({ id, severity }) => `${safeText(id, 60)} (${severity.toLowerCase()})`);
  const more = found.length - listed.length;
  return `${found.length}: ${listed.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
