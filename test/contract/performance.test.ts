import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { plot } from '../../bench/functions/plot.ts';
import { readResults } from '../../bench/functions/results.ts';
import { withTables } from '../../bench/functions/write.ts';

const results = readResults('bench/results/functions.json');
const page = readFileSync('docs/performance.md', 'utf8');

test('the tables of the page and its plot are those of the run that is kept beside them', () => {
  expect(withTables(page, results)).toBe(page);
  expect(readFileSync('docs/performance.svg', 'utf8')).toBe(plot(results));
});

test('what the page leads to is there', () => {
  const links = [...page.matchAll(/\]\((\.\.\/[^)#]+)/g)].map(([, path = '']) => path.replace('../', ''));
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((path) => !existsSync(path))).toEqual([]);
});
