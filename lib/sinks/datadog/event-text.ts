import { code } from '../../image/inline-code.ts';
import { untrusted } from '../../image/untrusted.ts';
import type { Notice, ScanSummary, ShownFinding } from '../../policy/notice.ts';
import {
  changeLine,
  commitLine,
  consoleUrl,
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
const ROOM_FOR_MORE = '\n- … and 999999 more'.length;

/**
 * The body of an event: what is new, what can be fixed, the worst findings, then the image. As much of it as fits
 * into 4000 characters: findings are left out whole and counted.
 */
export function eventText(notice: Notice): string {
  const { found } = notice;
  const head = found ? foundLine(notice, found) : notScannedLine(notice);
  const incomplete = incompleteLine(notice);
  const doubt = incomplete ? ['', incomplete] : [];
  const frame = (findings: readonly string[]) =>
    ['%%% ', head, ...doubt, '', ...findings, '', '**Image**', '', ...imageLines(notice), ' %%%'].join('\n');
  return frame(found ? findingLines(found, MAX_CHARACTERS - frame([]).length - ROOM_FOR_MORE) : []);
}

function foundLine(notice: Notice, found: ScanSummary): string {
  return `**${changeLine(notice)}** · ${countsLine(found.counts)} · ${fixLine(found)}`;
}

function notScannedLine({ unscannable }: Notice): string {
  const status = code(untrusted(unscannable?.status ?? 'UNKNOWN'), 40);
  const says = unscannable?.description ? ` The scanner says: ${code(unscannable.description, 200)}` : '';
  return `**Not scanned** (${status}): nobody knows what is in this image.${says}`;
}

/** The worst findings that fit into `room` characters, and how many more there are. */
function findingLines({ shown, newCount, stillOpenCount }: ScanSummary, room: number): readonly string[] {
  const lines: string[] = [];
  let left = room;
  for (const line of shown.map(findingLine)) {
    left -= line.length + 1;
    if (left < 0) break;
    lines.push(line);
  }
  const unseen = Math.max(newCount + stillOpenCount, shown.length) - lines.length;
  return unseen > 0 ? [...lines, `- … and ${unseen} more`] : lines;
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

/** Names have their grammar, but it allows underscores: as code they format nothing. */
function imageLines({ subject, references, found, platforms }: Notice): readonly string[] {
  const { image, pushedAt, provenance } = subject;
  const { account, region, name } = image.repository;
  const followed = references.length > 0 ? `, followed as ${listed(references.map(referenceName), 3)}` : '';
  const platformWords = platformLine(platforms);
  const scan = found && `${found.scanType} scan${found.completedAt ? ` of ${utc(found.completedAt)}` : ''}`;
  return [
    `- ${line(`${name} in ${account} ${region}${followed}`)}`,
    `- ${line(commitLine(provenance))}`,
    ...(platformWords ? [`- ${line(platformWords, 300)}`] : []),
    `- ${scan ?? 'no scan'}, pushed ${utc(pushedAt)}`,
    `- ${line(image.digest)}`,
    `- [open in ECR](${consoleUrl(image)})`,
  ];
}

function line(text: string, maxCharacters = 500): string {
  return code(untrusted(text), maxCharacters);
}
