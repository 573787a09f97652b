import type { KnownBlock } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { paragraphsOf, plainLine } from '../../../lib/picture/paragraphs.ts';
import { measureOf, slackPicture } from '../../../lib/picture/slack-picture.ts';
import { lineWidth, wrap } from '../../../lib/picture/wrap.ts';
import { slackDigest } from '../../../lib/sinks/slack/digest.ts';
import { slackMessage } from '../../../lib/sinks/slack/message.ts';
import { bold, context, richText, section } from '../../../lib/sinks/slack/rich-text.ts';
import { aBackground, aNotice } from '../../build/notice.ts';
import { parseXml } from '../../hostile/xml.ts';

const notice = aNotice({ background: aBackground() });
const message = slackMessage(notice, { possibleRepeat: true });
const fifty = slackDigest(
  Array.from({ length: 50 }, () => ({ notice, possibleRepeat: true })),
  '2026-11-20T03:10:00.000Z/1',
);

/** The lowest edge of any text, and how high the picture is. */
function heights(svg: string) {
  const elements = parseXml(svg);
  const ys = elements.filter(({ name }) => name === 'text').map(({ attributes }) => Number(attributes.y));
  return { lowest: Math.max(...ys), height: Number(elements[0]?.attributes.height) };
}

describe('a picture of a message', () => {
  test('has all of its text as text, in its order', () => {
    const elements = parseXml(slackPicture(message.blocks));
    const drawn = elements.flatMap(({ name, text }) => (name === 'text' ? text : []));
    const said = message.blocks.flatMap(paragraphsOf).map(plainLine).join('');
    const only = (text: string) => text.replaceAll(/\s/g, '');
    expect(only(drawn.slice(1).join(''))).toBe(only(said));
    expect(drawn[0]).toBe('scan-responseAPP');
  });

  test('is named by its first line, and described by the rest', () => {
    const elements = parseXml(slackPicture(message.blocks));
    expect(elements[0]?.attributes).toMatchObject({ role: 'img', 'aria-labelledby': 'title desc' });
    const [title, desc] = ['title', 'desc'].map((it) => elements.find(({ name }) => name === it));
    expect([title?.attributes.id, title?.text]).toEqual(['title', '1 critical in demo-api:latest, 1 new']);
    expect(desc?.attributes.id).toBe('desc');
    expect(desc?.text).toContain('CVE-2026-1001');
  });

  test('marks what is bold, a link, and small', () => {
    const svg = slackPicture(message.blocks);
    expect(svg).toContain('<tspan class="bold">CVE-2026-1001</tspan>');
    expect(svg).toContain('<tspan class="link">open in ECR</tspan>');
    expect(svg).toMatch(/<text class="small" [^>]+>sha256:/);
    expect(svg).toMatch(/<text class="header" [^>]+>1 critical/);
  });

  test.each([
    ['one notice', message.blocks],
    ['fifty in one', fifty.blocks],
  ])('%s: every line is within its edges, one below the other', (_, blocks) => {
    for (const { kind, runs } of blocks.flatMap(paragraphsOf)) {
      const measure = measureOf(kind);
      for (const line of wrap(runs, measure))
        expect(lineWidth(line, measure)).toBeLessThanOrEqual(measure.widthPx);
    }
    const { lowest, height } = heights(slackPicture(blocks));
    expect(lowest).toBeLessThan(height - 10);
    expect(lowest).toBeGreaterThan(height - 40);
  });

  test('is for day and night, and needs nothing from elsewhere', () => {
    const svg = slackPicture(message.blocks);
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|url\(|@import|@font-face|<a |<image/,
    );
  });

  test('shows markup as text', () => {
    const hostile = '</text><script>alert("1")</script>&amp;\'\uffff';
    const svg = slackPicture([richText(section(bold(hostile)))]);
    const drawn = parseXml(svg).filter(({ name }) => name === 'text');
    expect(drawn.at(-1)?.text).toBe('</text><script>alert("1")</script>&amp;\'\ufffd');
  });

  test('of nothing is still one', () => {
    expect(parseXml(slackPicture([])).find(({ name }) => name === 'title')?.text).toBe('an empty message');
  });

  test('of what we do not know is none', () => {
    const blocks: KnownBlock[] = [context('x'), { type: 'divider' }];
    expect(() => slackPicture(blocks)).toThrow('there is no picture of divider');
  });
});
