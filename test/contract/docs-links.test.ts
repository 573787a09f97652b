import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { deadLinks, unreachable } from '../../build/site/dead-links.mjs';
import { navigation, UNNAMED } from '../../build/site/navigation.mjs';
import { pagesOf } from '../../build/site/pages.mjs';
import { renderPages } from '../../build/site/render-pages.mjs';

const START = 'docs/README.md';
const texts = await pagesOf('.');
const { pages, others } = renderPages(texts, { isFile: existsSync, sourceOf: () => undefined });
const isThere = (path: string) => texts.has(path) || existsSync(path);

test('every link and picture of the pages leads somewhere, its heading included', () => {
  expect(pages.flatMap(({ hrefs }) => hrefs).length).toBeGreaterThan(150);
  expect(deadLinks(pages, isThere)).toEqual([]);
});

test('a link that leads nowhere would be seen, in each page', () => {
  const planted = pages.map((page) => ({ ...page, hrefs: ['gone.md', '#gone'] }));
  expect(deadLinks(planted, isThere)).toHaveLength(2 * pages.length);
});

test(`every page is found from ${START}; one that is not needs a link in ${START} or in a page that has one`, () => {
  expect(unreachable(pages, START)).toEqual([]);
});

test('every page has a line in build/site/navigation.mjs, where its group and its name are', () => {
  expect(navigation([...texts.keys()]).filter(({ group }) => group === UNNAMED)).toEqual([]);
});

test('every picture in docs/ is in a page', () => {
  const pictures = readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(svg|png)$/.test(name))
    .map((name) => `docs/${name}`);
  expect(pictures.length).toBeGreaterThan(5);
  expect(pictures.filter((path) => !others.includes(path))).toEqual([]);
});

describe('files that pages name', () => {
  const FOLDERS = 'bench|build|checks|docs|events|examples|functions|lib|local|resources|test';
  const NAMED = new RegExp(`<code>((?:${FOLDERS})/[\\w./-]*\\w)</code>`, 'g');
  const named = pages.flatMap(({ file, html }) =>
    [...html.matchAll(NAMED)].map(([, path = '']) => ({ file, path })),
  );

  test('are there', () => {
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ path }) => !existsSync(path))).toEqual([]);
  });
});
