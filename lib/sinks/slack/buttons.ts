import type { ActionsBlock, Button } from '@slack/types';
import type { Notice } from '../../policy/notice.ts';

/** What people may press below an alert: nothing where Slack has no way back to us. */
export const BUTTONS = ['acknowledge', 'acknowledge-and-ignore'] as const;

export type Buttons = (typeof BUTTONS)[number];

/** The block that holds them. */
export const BUTTONS_BLOCK = 'notice';

/** More references of one image are not acknowledged by one press; the value of a button takes 2,000 characters. */
const MOST_REFERENCES = 10;
const LONGEST_VALUE = 2_000;

/** The buttons below a notice; undefined where there is nothing open that a tracked reference shows. */
export function buttonsBlock(notice: Notice, buttons: Buttons): ActionsBlock | undefined {
  const { found, reason, references } = notice;
  const value = aboutNotice(notice);
  if (!found || reason === 'resolved' || references.length === 0 || value.length > LONGEST_VALUE)
    return undefined;
  const elements = [
    button('acknowledge', 'Acknowledge', value),
    ...(buttons === 'acknowledge-and-ignore' ? [button('ignore', 'Ignore…', value)] : []),
  ];
  return { type: 'actions', block_id: BUTTONS_BLOCK, elements };
}

/** What a press says of the notice that it is about: names with a grammar, and no text of others. */
function aboutNotice({ subject: { image }, key, references }: Notice): string {
  const { account, region, name } = image.repository;
  const about = { account, region, name, digest: image.digest, key };
  return JSON.stringify({ ...about, references: references.slice(0, MOST_REFERENCES) });
}

function button(id: string, words: string, value: string): Button {
  return { type: 'button', action_id: id, text: { type: 'plain_text', text: words, emoji: false }, value };
}
