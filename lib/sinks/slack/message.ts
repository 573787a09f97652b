import type { HeaderBlock, KnownBlock, RichTextBlock, RichTextSection } from '@slack/types';
import { shortDigest } from '../../image/digest.ts';
import { safeText } from '../../image/untrusted.ts';
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
  headline,
  incompleteLine,
  listed,
  platformLine,
  referenceName,
  statusWord,
  utc,
} from '../words.ts';
import { type Buttons, buttonsBlock } from './buttons.ts';
import { bold, bullets, context, link, richText, section, text } from './rich-text.ts';

/** What a webhook takes: blocks for the channel, and the fallback for notifications and screen readers. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** About a hundred ids: what is new is named, however much it is. */
const ROOM_FOR_IDS = 1500;

const REPEAT = 'Possible repeat: an earlier try got no answer, so this message may be here already.';

/**
 * Renders a notice: what and where, what is new, what can be fixed, the worst findings, the commit and what it changed,
 * what runs it, where to go on, small print.
 * Nothing in it is mrkdwn, so no text of an image or a CVE can mention, link or format anything; every list and
 * every text has a bound, so that the message stays within Slack's limits (header 150, 50 blocks).
 */
export function slackMessage(
  notice: Notice,
  options: { readonly possibleRepeat: boolean; readonly buttons?: Buttons },
): SlackMessage {
  const { found, platforms } = notice;
  const buttons = options.buttons && buttonsBlock(notice, options.buttons);
  const partial = partialLine(notice);
  const platformWords = platformLine(platforms);
  const incomplete = incompleteLine(notice);
  const blocks = [
    header(headline(notice)),
    whereBlock(notice),
    ...(found ? foundBlocks(notice, found) : [notScannedBlock(notice)]),
    ...(incomplete ? [context(incomplete)] : []),
    sourceBlock(notice),
    pagesBlock(furtherPages(notice)),
    context(smallPrint(notice), ...(platformWords ? [platformWords] : []), ...(partial ? [partial] : [])),
    ...(options.possibleRepeat ? [context(REPEAT)] : []),
    ...(buttons ? [buttons] : []),
  ] satisfies KnownBlock[];
  return { text: fallback(notice, options.possibleRepeat), blocks };
}

/** The first line of a message, large: at most 150 characters, which are shown as they are. */
export function header(words: string): HeaderBlock {
  return { type: 'header', text: { type: 'plain_text', text: words, emoji: false } };
}

function whereBlock({ subject: { image, tags }, references }: Notice): RichTextBlock {
  const { account, region, name } = image.repository;
  const names = references.map(referenceName);
  const followed = names.length > 0 ? ` · followed as ${listed(names, 5)}` : '';
  const tagged = tags.length > 0 ? ` · tags ${listed(tags, 5)}` : ' · no tag';
  return richText(section(bold(name), text(` in ${account} ${region}${followed}${tagged}`)));
}

function foundBlocks(notice: Notice, found: ScanSummary): RichTextBlock[] {
  const { shown, counts } = found;
  const more = moreLine(found, ROOM_FOR_IDS);
  const open = openLine(notice);
  const lines = [...(open ? [open] : []), countsLine(counts), fixLine(found)];
  return [
    richText(section(bold(changeLine(notice)), text(`\n${lines.join('\n')}`))),
    ...(shown.length > 0 ? [richText(bullets(shown.map(findingItem)))] : []),
    ...(more ? [richText(section(text(more)))] : []),
  ];
}

/** The commit and its pages, what it replaced, who pushed it, what runs it. */
function sourceBlock(notice: Notice): RichTextBlock {
  const since = sinceLine(notice);
  const runs = runsLine(notice);
  return richText(
    section(
      text([commitLine(notice.subject.provenance), ...(since ? [since] : [])].join(' · ')),
      ...sourcePages(notice).flatMap(({ url, words }) => [text(' · '), link(url, words)]),
      text([``, pushedLine(notice), ...(runs ? [runs] : [])].join('\n')),
    ),
  );
}

function pagesBlock(pages: readonly Page[]): RichTextBlock {
  const links = pages.flatMap(({ url, words }) => [text(' · '), link(url, words)]);
  return richText(section(...links.slice(1)));
}

function findingItem({ id, isNew, packages, score, exploitKnown, platforms }: ShownFinding): RichTextSection {
  const [first, ...others] = packages;
  const facts = [
    ...(isNew ? ['new'] : []),
    ...(first ? [packageWords(first) + (others.length > 0 ? ` and ${others.length} more` : '')] : []),
    ...(score === undefined ? [] : [`score ${score}`]),
    ...(exploitKnown ? ['exploit known'] : []),
    ...(platforms.length > 0 ? [`on ${listed(platforms, 3)}`] : []),
  ];
  const name = safeText(id, 60).trim() || '(no id)';
  return section(bold(name), text(facts.map((fact) => ` · ${fact}`).join('')));
}

function packageWords({ name, version, fixedIn }: ShownFinding['packages'][number]): string {
  const installed = `${safeText(name, 100)} ${safeText(version, 60)}`;
  return fixedIn === undefined ? installed : `${installed} → ${safeText(fixedIn, 60)}`;
}

function notScannedBlock({ unscannable }: Notice): RichTextBlock {
  const status = statusWord(unscannable?.status ?? 'UNKNOWN');
  const says = unscannable?.description
    ? `\nThe scanner says: ${safeText(unscannable.description, 300)}`
    : '';
  return richText(
    section(bold('Not scanned'), text(` (${status}): nobody knows what is in this image.${says}`)),
  );
}

function smallPrint({ subject: { image }, found }: Notice): string {
  const scanned =
    found && `${found.scanType} scan${found.completedAt ? ` of ${utc(found.completedAt)}` : ''}`;
  return [`sha256:${shortDigest(image.digest)}`, scanned ?? countsLine(undefined)].join(' · ');
}

/** Slack reads this one as mrkdwn: fixed words and grammar-checked names only, and the three characters escaped. */
function fallback(notice: Notice, possibleRepeat: boolean): string {
  const { account, region } = notice.subject.image.repository;
  const words = `${possibleRepeat ? 'Possible repeat: ' : ''}${headline(notice)} (${account} ${region})`;
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
