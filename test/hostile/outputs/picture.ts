import { slackPicture } from '../../../lib/picture/slack-picture.ts';
import { slackMessage } from '../../../lib/sinks/slack/message.ts';
import { taintComplaints, textComplaints } from '../rules.ts';
import { type Element, parseXml } from '../xml.ts';
import { output } from './output.ts';

/** All that a picture is made of. Nothing of it links, loads, runs or embeds anything. */
const OURS: Readonly<Record<string, readonly string[]>> = {
  svg: ['xmlns', 'xml:space', 'width', 'height', 'viewBox', 'role', 'aria-labelledby'],
  title: ['id'],
  desc: ['id'],
  style: [],
  rect: ['class', 'x', 'y', 'width', 'height', 'rx'],
  path: ['class', 'd'],
  text: ['class', 'x', 'y'],
  tspan: ['class', 'dx'],
};

const HOLDS_TEXT: ReadonlySet<string> = new Set(['title', 'desc', 'text', 'tspan']);

/** The picture of a Slack message, as a file. */
export const pictureOutput = output(
  'picture',
  ({ notice, possibleRepeat }) => ({ svg: slackPicture(slackMessage(notice, { possibleRepeat }).blocks) }),
  ({ svg }) => pictureComplaints(svg),
);

function pictureComplaints(svg: string): readonly string[] {
  try {
    return parseXml(svg).flatMap(elementComplaints);
  } catch (error) {
    return [`no XML: ${(error as Error).message}`];
  }
}

function elementComplaints({ name, attributes, text }: Element): readonly string[] {
  const ours = OURS[name];
  if (!ours) return [`an element that is not ours: ${name}`];
  const foreign = Object.keys(attributes).filter((it) => !ours.includes(it));
  return [
    ...foreign.map((it) => `an attribute that is not ours: ${it}`),
    ...(HOLDS_TEXT.has(name) ? textComplaints(text, { lines: true }) : []),
    ...Object.values(attributes).flatMap((it) => taintComplaints('an attribute', it)),
    ...(name === 'style' ? taintComplaints('the style', text) : []),
    ...(name === 'style' && /url\(|@import|@font-face/.test(text) ? ['a request'] : []),
  ];
}
