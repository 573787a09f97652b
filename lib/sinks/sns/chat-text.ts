import { shortDigest } from '../../image/digest.ts';
import { untrusted } from '../../image/untrusted.ts';
import type { Notice, ScanSummary, ShownFinding } from '../../policy/notice.ts';
import { moreLine, openLine, partialLine, pushedLine, runsLine, sinceLine } from '../around.ts';
import {
  changeLine,
  commitLine,
  countsLine,
  fixLine,
  incompleteLine,
  listed,
  platformLine,
  referenceName,
  statusWord,
  utc,
} from '../words.ts';
import { inert } from './inert.ts';

/**
 * Characters of a line. Together they stay below 4000: seven short lines, two that name where it is and which commit,
 * five findings of 260, and one of each of the others. The service publishes no limit.
 */
const MAX = {
  line: 120,
  where: 310,
  pushed: 190,
  platforms: 190,
  runs: 300,
  more: 350,
  roomForIds: 280,
} as const;

/** Two spaces: Markdown joins lines that end without them. */
const NEW_LINE = '  \n';

const REPEAT = 'Possible repeat: an earlier try got no answer, so this message may be here already.';

/**
 * What a message to chat says, in the order of one to Slack: where, what is new, what can be fixed, the worst findings,
 * the commit, who pushed it, what runs it, small print. Every line begins with words of ours and is inert.
 */
export function chatText(notice: Notice, possibleRepeat: boolean): string {
  const { found, platforms, subject } = notice;
  const since = sinceLine(notice);
  return [
    ...line(whereLine(notice), MAX.where),
    ...(found ? foundLines(notice, found) : notScannedLines(notice)),
    ...line(incompleteLine(notice)),
    ...line([commitLine(subject.provenance), ...(since ? [since] : [])].join(' · '), MAX.where),
    ...line(pushedLine(notice), MAX.pushed),
    ...line(runsLine(notice), MAX.runs),
    ...line(platformLine(platforms), MAX.platforms),
    ...line(partialLine(notice)),
    ...line(smallPrint(notice)),
    ...(possibleRepeat ? [REPEAT] : []),
  ].join(NEW_LINE);
}

/** None where there is nothing to say. */
function line(words: string | undefined, maxCharacters: number = MAX.line): readonly string[] {
  return words ? [inert(untrusted(words), maxCharacters)] : [];
}

function whereLine({ subject: { image, tags }, references }: Notice): string {
  const { account, region, name } = image.repository;
  const names = references.map(referenceName);
  const followed = names.length > 0 ? ` · followed as ${listed(names, 3)}` : '';
  const tagged = tags.length > 0 ? ` · tags ${listed(tags, 3)}` : ' · no tag';
  return `In ${account} ${region} · ${name}${followed}${tagged}`;
}

function foundLines(notice: Notice, found: ScanSummary): readonly string[] {
  return [
    ...line(changeLine(notice)),
    ...line(openLine(notice)),
    ...line(countsLine(found.counts)),
    ...line(fixLine(found)),
    ...found.shown.map(findingLine),
    ...line(moreLine(found, MAX.roomForIds), MAX.more),
  ];
}

function findingLine({ id, isNew, packages, score, exploitKnown, platforms }: ShownFinding): string {
  const [first, ...others] = packages;
  const facts = [
    inert(id, 30).trim() || '(no id)',
    ...(isNew ? ['new'] : []),
    ...(first ? [packageWords(first) + (others.length > 0 ? ` and ${others.length} more` : '')] : []),
    ...(score === undefined ? [] : [`score ${score}`]),
    ...(exploitKnown ? ['exploit known'] : []),
    ...(platforms.length > 0 ? [`on ${inert(untrusted(listed(platforms, 2)), 40)}`] : []),
  ];
  return `• ${facts.join(' · ')}`;
}

function packageWords({ name, version, fixedIn }: ShownFinding['packages'][number]): string {
  const installed = `${inert(name, 50)} ${inert(version, 30)}`;
  return fixedIn === undefined ? installed : `${installed} → ${inert(fixedIn, 30)}`;
}

function notScannedLines({ unscannable }: Notice): readonly string[] {
  const status = statusWord(unscannable?.status ?? 'UNKNOWN');
  return [
    ...line(`Not scanned (${status}): nobody knows what is in this image.`),
    ...(unscannable?.description ? [`The scanner says: ${inert(unscannable.description, 300)}`] : []),
  ];
}

function smallPrint({ subject: { image }, found }: Notice): string {
  const scanned =
    found && `${found.scanType} scan${found.completedAt ? ` of ${utc(found.completedAt)}` : ''}`;
  return `digest ${shortDigest(image.digest)} · ${scanned ?? countsLine(undefined)}`;
}
