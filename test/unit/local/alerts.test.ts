import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LINES } from '../../../local/alerts/lines.ts';
import { alertsPages } from '../../../local/alerts/page.ts';
import { linkComplaints } from '../../hostile/rules.ts';
import { parseXml } from '../../hostile/xml.ts';

const pages = alertsPages();
const page = pages['alerts.md'] ?? '';

test.each(Object.keys(pages))(
  'docs/%s is what the code makes; npm run docs:alerts makes it again',
  (path) => {
    expect(readFileSync(`docs/${path}`, 'utf8')).toBe(pages[path]);
  },
);

test('no picture is left over, and each is in the page', () => {
  const names = readdirSync('docs/alerts').map((file) => `alerts/${file}`);
  expect(names.sort()).toEqual(
    Object.keys(pages)
      .filter((path) => path !== 'alerts.md')
      .sort(),
  );
  for (const name of names) expect(page).toContain(`](${name})`);
});

test('pictures are well-formed', () => {
  for (const [path, content] of Object.entries(pages))
    if (path.endsWith('.svg')) expect(parseXml(content).length).toBeGreaterThan(10);
});

test('every kind of line that is explained is in a picture', () => {
  const rows = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, line = '']) => line);
  for (const { is, tells } of LINES) expect(page, `${is}`).toContain(`| ${tells} |`);
  expect(rows.length).toBeGreaterThan(LINES.length);
});

test('its links lead somewhere', () => {
  const links = [...page.matchAll(/\]\((?!https:)([^)]+)\)/g)].map(([, link = '']) => link);
  for (const link of links) expect(existsSync(`docs/${link}`), link).toBe(true);
  for (const [, url = ''] of page.matchAll(/\]\((https:[^)]+)\)/g))
    if (!url.startsWith('https://wiki.example.com/')) expect(linkComplaints(url)).toEqual([]);
});
