import type { KnownBlock } from '@slack/types';
import type { Thread } from '../../delivery/thread.ts';
import type { Notice, NoticeReason } from '../../policy/notice.ts';
import { headline, utc } from '../words.ts';
import { header, type SlackMessage } from './message.ts';
import { context } from './rich-text.ts';

/** Less than before, or nothing any more: the thread and its first message say so. All else the channel sees, too. */
const FOR_THE_THREAD: ReadonlySet<NoticeReason> = new Set(['better', 'resolved']);

/** After these there is nothing that a later message could end: they stand alone, unless a thread is open. */
const STANDS_ALONE: ReadonlySet<NoticeReason> = new Set(['resolved', 'not-scanned']);

/** Whether an answer in a thread is shown in the channel as well. */
export function isForChannel({ reason }: Notice): boolean {
  return !FOR_THE_THREAD.has(reason);
}

/** Whether a message by itself is one that later ones answer to. */
export function beginsThread({ reason, references }: Notice): boolean {
  return references.length > 0 && !STANDS_ALONE.has(reason);
}

/** The first message of a thread once all is clear: it says so, since when, and keeps what it said. */
export function clearedMessage(notice: Notice, { blocks, openedAt }: Thread): SlackMessage {
  const words = headline(notice);
  const since = notice.found?.completedAt ?? notice.subject.pushedAt;
  const past = `Clear since ${utc(since)}. First told ${utc(openedAt)}, which was:`;
  const was = blocksIn(blocks).filter(({ type }) => type !== 'header');
  const text = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return { text, blocks: [header(words), context(past), ...was] };
}

function blocksIn(text: string): readonly KnownBlock[] {
  try {
    const blocks: unknown = JSON.parse(text);
    return Array.isArray(blocks) ? blocks : [];
  } catch {
    return [];
  }
}
