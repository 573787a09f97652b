import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const english = readFileSync('README.md', 'utf8');
const japanese = readFileSync('README.ja.md', 'utf8');

/** What has to be the same in every language: headings by depth, commands, tables by their first column, links. */
const parts = {
  'the depths of the headings': (text: string) =>
    [...withoutCode(text).matchAll(/^(#+) /gm)].map(([, hashes]) => hashes),
  'the blocks of code, but for their remarks': (text: string) =>
    [...text.matchAll(/^```[a-z]*\n([\s\S]*?)^```/gm)].map(([, code = '']) =>
      code.replace(/\s+# .*$|\s+#.*（.*$/gm, ''),
    ),
  'the code in the first column of the tables': (text: string) =>
    [...withoutCode(text).matchAll(/^\| (`[^`]+`)/gm)].map(([, cell]) => cell),
  'the code words': (text: string) =>
    [
      ...new Set([...withoutCode(text).matchAll(/`[^`]+`/g)].map(([code]) => code.replace(/\s+/g, ' '))),
    ].sort(),
  'the links, but for the one to the other language': (text: string) =>
    links(text).filter((link) => !link.startsWith('README')),
} as const;

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '');
}

function links(text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
}

describe('the README in two languages has the same', () => {
  test.each(Object.entries(parts))('%s', (_, part) => {
    expect(part(english).length).toBeGreaterThan(0);
    expect(part(japanese)).toEqual(part(english));
  });
});

test.each([...new Set([...links(english), ...links(japanese)])].filter((link) => !/^https?:/.test(link)))(
  'the link to %s leads somewhere',
  (link) => {
    expect(existsSync(link)).toBe(true);
  },
);

test('every npm script that is named exists', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const named = [...`${english}${japanese}`.matchAll(/npm (?:run )?(start|test|run [a-z:]+)/g)].map(
    ([, name = '']) => name.replace('run ', ''),
  );
  expect(named).not.toEqual([]);
  for (const name of named) expect(Object.keys(scripts)).toContain(name);
});
