import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { merge, withBlock } from './page.ts';
import type { Row } from './row.ts';
import { pageOf } from './table.ts';

const row = (size: number, pass = true, id = 'R1'): Row => ({
  ...{ id, size, pass, promise: 'nothing lost', target: '0 lost', measured: { scans: size } },
});

test.each([
  ['a larger run', [row(1000)], [row(2000)], [row(2000)]],
  ['a smaller run', [row(1000)], [row(999)], [row(1000)]],
  ['a run that failed', [row(1000)], [row(2000, false)], [row(1000)]],
  [
    'another promise',
    [row(5, true, 'monitor')],
    [row(1, true, 'R10')],
    [row(1, true, 'R10'), row(5, true, 'monitor')],
  ],
])('%s', (_, known, rows, expected) => {
  expect(merge(known, rows)).toEqual(expected);
});

test('a text without the marks is refused', () => {
  expect(() => withBlock('# README', [])).toThrow('<!-- measured -->');
});

test('the page and the READMEs show what was measured, and nothing else', () => {
  const rows = JSON.parse(readFileSync('test/simulation/report/measured.json', 'utf8')) as readonly Row[];
  expect(readFileSync('docs/reliability.md', 'utf8')).toBe(pageOf(rows));
  for (const file of ['README.md', 'README.ja.md']) {
    const text = readFileSync(file, 'utf8');
    expect(withBlock(text, rows)).toBe(text);
  }
});
