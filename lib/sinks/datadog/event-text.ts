import { code } from '../../image/inline-code.ts';
import { untrusted } from '../../image/untrusted.ts';
import type { Notice, ScanSummary, ShownFinding } from '../../policy/notice.ts';
import {
  furtherPages,
  moreLine,
  openLine,
  type Page,
  partialLine,
  pushedLine,
  runsLine,
  sinceLine,
  sourcePages,
} from '../around.ts';
import {
  changeLine,
  commitLine,
  countsLine,
  fixLine,
  incompleteLine,
  listed,
  platformLine,
  referenceName,
  utc,
} from '../words.ts';

/** Of the text with its frame. Source: EventCreateRequest in Datadog's OpenAPI, `text.maxLength` */
const MAX_CHARACTERS = 4000;
/** Of that for what stands around the findings; each of its lines is there whole or not at all. */
const ROOM_AROUND = 1300;
/** Of that for the line that counts what is not shown, and names it as far as it fits. */
const ROOM_FOR_MORE = 400;
const ROOM_FOR_COUNTS = '\n- and 999999 more new:  and 999999 others; 999999 more still open'.length;

/**
 * The body of an event: what is new, what can be fixed, the worst findings, the commit and what it changed, what runs it,
 * where to go on, then the image. As much of it as fits into 4000 characters: findings are left out whole and counted.
 */
export function eventText(notice: Notice): string {
  const { found } = notice;
  const head = found ? foundLine(notice, found) : notScannedLine(notice);
  const incomplete = incompleteLine(notice);
  const doubt = incomplete ? ['', incomplete] : [];
  const [ecr = '', ...pages] = pageLines(furtherPages(notice));
  const around = [...fitting([...aroundLines(notice), ...pages], ROOM_AROUND), ecr];
  const frame = (findings: readonly string[]) =>
    ['%%% ', head, ...doubt, '', ...findings, '', ...around, '', ...imageLines(notice), ' %%%'].join('\n');
  return frame(found ? findingLines(found, MAX_CHARACTERS - frame([]).length) : []);
}

/** Those lines that fit into `room` characters together; one that is too long makes way for the ones after it. */
function fitting(lines: readonly string[], room: number): readonly string[] {
  let left = room;
  return lines.filter((it) => {
    if (it.length + 1 > left) return false;
    left -= it.length + 1;
    return true;
  });
}

function foundLine(notice: Notice, found: ScanSummary): string {
  const open = openLine(notice);
  const facts = [...(open ? [open] : []), countsLine(found.counts), fixLine(found)];
  return `**${changeLine(notice)}** · ${facts.join(' · ')}`;
}

function notScannedLine({ unscannable }: Notice): string {
  const status = code(untrusted(unscannable?.status ?? 'UNKNOWN'), 40);
  const says = unscannable?.description ? ` The scanner says: ${code(unscannable.description, 200)}` : '';
  return `**Not scanned** (${status}): nobody knows what is in this image.${says}`;
}

/** The worst findings that fit into `room` characters, and what else is open. */
function findingLines(found: ScanSummary, room: number): readonly string[] {
  const lines: string[] = [];
  const roomForIds = found.otherNewIds ? ROOM_FOR_MORE : 0;
  let left = room - ROOM_FOR_COUNTS - roomForIds;
  for (const line of found.shown.map(findingLine)) {
    left -= line.length + 1;
    if (left < 0) break;
    lines.push(line);
  }
  const said = { ...found, shown: found.shown.slice(0, lines.length) };
  const more = moreLine(said, roomForIds, (id) => code(id, 60));
  return more ? [...lines, `- ${more}`] : lines;
}

function findingLine({ severity, isNew, id, score, exploitKnown, packages }: ShownFinding): string {
  return [
    `- **${severity}**${isNew ? ' new' : ''} ${code(id, 60)}`,
    ...(score === undefined ? [] : [`score ${score}`]),
    ...(exploitKnown ? ['exploit known'] : []),
    ...(packages.length > 0 ? [listed(packages.map(packageWords), 3)] : []),
  ].join(' · ');
}

function packageWords({ name, version, fixedIn }: ShownFinding['packages'][number]): string {
  const installed = `${code(name)} ${code(version, 60)}`;
  return fixedIn === undefined ? installed : `${installed} → ${code(fixedIn, 60)}`;
}

/** What stands around the findings, the commit first. */
function aroundLines(notice: Notice): readonly string[] {
  const since = sinceLine(notice);
  const runs = runsLine(notice);
  const partial = partialLine(notice);
  return [
    `- ${[line(commitLine(notice.subject.provenance), 300), ...(since ? [since] : [])].join(' · ')}`,
    ...pageLines(sourcePages(notice)),
    `- ${line(pushedLine(notice), 200)}`,
    ...(runs ? [`- ${line(runs, 400)}`] : []),
    ...(partial ? [`- ${partial}`] : []),
  ];
}

/** Pages are of hosts that may be linked to, and of checked parts only. */
function pageLines(pages: readonly Page[]): readonly string[] {
  return pages.map(({ words, url }) => `- [${words}](${url})`);
}

/** Small print. Names have their grammar, but it allows underscores: as code they format nothing. */
function imageLines({ subject, references, found, platforms }: Notice): readonly string[] {
  const { image } = subject;
  const { account, region, name } = image.repository;
  const followed = references.length > 0 ? `, followed as ${listed(references.map(referenceName), 3)}` : '';
  const platformWords = platformLine(platforms);
  const scan = found && `${found.scanType} scan${found.completedAt ? ` of ${utc(found.completedAt)}` : ''}`;
  return [
    `- ${line(`${name} in ${account} ${region}${followed}`)}`,
    ...(platformWords ? [`- ${line(platformWords, 300)}`] : []),
    `- ${scan ?? 'no scan'}`,
    `- ${line(image.digest)}`,
  ];
}

function line(text: string, maxCharacters = 500): string {
  return code(untrusted(text), maxCharacters);
}
