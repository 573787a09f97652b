import type { RichTextBlock, RichTextSection } from '@slack/types';
import type { DigestEntry } from '../../delivery/fold.ts';
import { shortDigest } from '../../image/digest.ts';
import { raw, safeText } from '../../image/untrusted.ts';
import type { Notice, NoticeReason } from '../../policy/notice.ts';
import { SEVERITIES } from '../../scan/severity.ts';
import { namedIds } from '../around.ts';
import { headline, utc } from '../words.ts';
import { header, type SlackMessage } from './message.ts';
import { bold, bullets, context, richText, section, text } from './rich-text.ts';

/** Fifty lines of this and what stands beside it stay below 10,000 characters; what is cut is a name's middle. */
const LINE_CHARACTERS = 100;

/** What the lines of one message share for the ids of what is new, as far as names and places leave it. */
const ROOM_FOR_IDS = 3500;
const ROOM_FOR_LINES = 9300;
const AND_OTHERS = ' ·  and 999999 others'.length;

/** The heading that a notice stands under: every reason has one, so that none is left out. */
const HEADINGS: Readonly<Record<NoticeReason, string>> = {
  'first-scan': 'Open findings',
  'new-findings': 'Open findings',
  worse: 'Open findings',
  better: 'Still open',
  'reminder-due': 'Still open',
  'not-scanned': 'Not scanned',
  resolved: 'Clear',
};

/** In this order, one heading once. */
const GROUPS = [...new Set(Object.values(HEADINGS))].map((title) => ({
  title,
  includes: ({ reason }: Notice) => HEADINGS[reason] === title,
}));

/**
 * Renders many notices as one message: a line for each, the worst first, by what happened. As in a single notice
 * nothing is mrkdwn; a line holds fixed words, checked names and numbers, and the ids of what is new as plain text.
 * Takes at most `MAX_IN_DIGEST`.
 */
export function slackDigest(entries: readonly DigestEntry[], mark: string): SlackMessage {
  const places = new Set(entries.map(({ notice }) => placeOf(notice)));
  const [place] = places.size === 1 ? places : [];
  const lines = entries
    .map(({ notice, possibleRepeat }) => ({
      notice,
      title: headline(notice, LINE_CHARACTERS),
      facts: factsOf(notice, place === undefined, possibleRepeat),
    }))
    .sort((a, b) => worstFirst(a.notice, b.notice));
  const words = title(entries.map(({ notice }) => notice));
  const isRepeat = entries.some(({ possibleRepeat }) => possibleRepeat);
  return {
    text: `${isRepeat ? 'Possible repeat: ' : ''}${words}`,
    blocks: [
      header(words),
      ...GROUPS.flatMap((group) => groupBlocks(group, lines, roomForIds(lines))),
      context(
        [
          ...(place ? [place] : []),
          `${entries.length} notices in one message, ${mark}`,
          ...sinceWords(entries),
        ].join(' · '),
        'Which commit is behind one: scan-response who <repository>:<tag>',
      ),
      ...(isRepeat ? [context(REPEAT)] : []),
    ],
  };
}

/** Of what waited for quiet hours to end, or for its digest: from when on it is. */
function sinceWords(entries: readonly DigestEntry[]): readonly string[] {
  const waited = entries.filter(({ notice }) => notice.notBefore !== undefined);
  const [oldest] = waited.flatMap(({ notice }) => notice.found?.completedAt ?? []).sort();
  return oldest === undefined ? [] : [`gathered since ${utc(oldest)}`];
}

const REPEAT =
  'Possible repeat: of the marked ones an earlier try got no answer, so they may be here already.';

function title(notices: readonly Notice[]): string {
  const critical = notices.filter(({ found }) => (found?.counts.CRITICAL ?? 0) > 0).length;
  const words = GROUPS.flatMap(({ title, includes }) => {
    const count = notices.filter(includes).length;
    return count > 0 ? [`${count} ${title.toLowerCase()}`] : [];
  });
  return `${notices.length} images: ${words.join(', ')}; ${critical} with critical findings`;
}

/** One notice in a digest, but for the ids of what is new. */
interface Line {
  readonly notice: Notice;
  readonly title: string;
  readonly facts: string;
}

function factsOf(notice: Notice, showsPlace: boolean, possibleRepeat: boolean): string {
  const facts = [
    `sha256:${shortDigest(notice.subject.image.digest)}`,
    ...(showsPlace ? [placeOf(notice)] : []),
    ...(possibleRepeat ? ['possible repeat'] : []),
  ];
  return facts.map((fact) => ` · ${fact}`).join('');
}

/** Characters for the ids of each line; below 0 where the names take all. */
function roomForIds(lines: readonly Line[]): number {
  const used = lines.reduce((sum, { title, facts }) => sum + title.length + facts.length, 0);
  return Math.min(ROOM_FOR_IDS, ROOM_FOR_LINES - used) / lines.length - AND_OTHERS;
}

function groupBlocks(
  { title, includes }: (typeof GROUPS)[number],
  lines: readonly Line[],
  room: number,
): readonly RichTextBlock[] {
  const group = lines.filter(({ notice }) => includes(notice));
  if (group.length === 0) return [];
  return [richText(section(bold(title)), bullets(group.map((it) => sectionOf(it, room))))];
}

function sectionOf({ notice, title, facts }: Line, room: number): RichTextSection {
  const fresh = newIdsLine(notice, room);
  return section(bold(title), text(`${fresh ? ` · ${fresh}` : ''}${facts}`));
}

function newIdsLine({ found }: Notice, room: number): string | undefined {
  if (!found) return undefined;
  const shown = found.shown.flatMap(({ isNew, id }) => (isNew ? id : []));
  const ids = new Map([...shown, ...(found.otherNewIds ?? [])].map((id) => [raw(id), id]));
  return namedIds([...ids.values()], found.newCount, room, (id) => safeText(id, 40)).slice(2) || undefined;
}

function worstFirst(a: Notice, b: Notice): number {
  for (const severity of SEVERITIES) {
    const difference = (b.found?.counts[severity] ?? 0) - (a.found?.counts[severity] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function placeOf({ subject: { image } }: Notice): string {
  return `${image.repository.account} ${image.repository.region}`;
}
