import type { ContextBlock, KnownBlock, RichTextBlock } from '@slack/types';
import { safeText, untrusted } from '../image/untrusted.ts';
import { context, preformatted } from '../sinks/slack/rich-text.ts';

/** What Slack takes for an answer to a command: for who asked alone, or for the channel. */
export interface SlackReply {
  readonly response_type: 'ephemeral' | 'in_channel';
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

interface Words {
  readonly lines: readonly string[];
  /** Our own, below the answer. */
  readonly smallPrint?: readonly string[];
  readonly isShared?: boolean;
  /** Asks the same in a terminal. */
  readonly typed?: string;
}

/** A text of Slack's takes 3,000 characters, and a message about 13,000 altogether. */
const MOST_IN_BLOCK = 2_900;
const MOST_BLOCKS = 3;
const MOST_IN_LINE = 1_000;

/**
 * An answer in lines as a message: a fixed pitch, as in a terminal, and no markup of Slack's, so that nothing in it can
 * mention, link or format. What is too long is cut after whole lines, and says where the rest is.
 */
export function toReply({ lines, smallPrint = [], isShared = false, typed }: Words): SlackReply {
  const safe = lines.map((line) => safeText(untrusted(line), MOST_IN_LINE));
  const { texts, left } = packed(safe);
  const more =
    left > 0 ? [`… ${left} more lines${typed ? `: ${safeText(untrusted(typed), 1_000)}` : ''}`] : [];
  const print = [...more, ...smallPrint];
  return {
    response_type: isShared ? 'in_channel' : 'ephemeral',
    text: FALLBACK,
    blocks: [...texts.map(preformatted), ...(print.length > 0 ? [context(...print)] : [])] satisfies (
      | RichTextBlock
      | ContextBlock
    )[],
  };
}

/** Slack reads this one as mrkdwn, where it shows no blocks: fixed words. */
const FALLBACK = 'scan-response has answered.';

/** As many whole lines as have room, in texts that Slack takes; an empty text it would refuse. */
function packed(lines: readonly string[]): { readonly texts: readonly string[]; readonly left: number } {
  const texts: string[] = [];
  for (const [index, line] of lines.entries()) {
    const last = texts.at(-1);
    const isRoom = last !== undefined && last.length + 1 + line.length <= MOST_IN_BLOCK;
    if (isRoom) texts[texts.length - 1] = `${last}\n${line}`;
    else if (texts.length === MOST_BLOCKS) return { texts, left: lines.length - index };
    else texts.push(line || ' ');
  }
  return { texts: texts.length > 0 ? texts : [' '], left: 0 };
}
