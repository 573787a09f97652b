import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { buildSite } from '../../build/site/build-site.mjs';
import { elementsOf, type HtmlElement } from './html.ts';

const folder = mkdtempSync(join(tmpdir(), 'docs-site-'));
const out = join(folder, 'site');
const built = await buildSite('.', out);
afterAll(() => rmSync(folder, { recursive: true }));

const names = filesIn(out).filter((name) => name.endsWith('.html'));
const pages = new Map(
  names.map((name) => {
    const html = readFileSync(join(out, name), 'utf8');
    return [name, { html, elements: elementsOf(html) }] as const;
  }),
);

function filesIn(place: string): readonly string[] {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .map((it) => posix.relative(place, posix.join(it.parentPath, it.name)))
    .sort();
}

function elementsIn(name: string): readonly HtmlElement[] {
  return pages.get(name)?.elements ?? expect.fail(`no page ${name}`);
}

/** What a page points to, by one attribute. */
function pointed(name: string, attribute: string): readonly string[] {
  return elementsIn(name).flatMap(({ attributes }) => attributes.get(attribute) ?? []);
}

const idsIn = (name: string) => pointed(name, 'id');
/** Beside `a`, which leads to somewhere else, everything that points is loaded. */
const isElsewhere = (href: string) => /^[a-z]+:/.test(href);

function leadsTo(name: string, href: string): boolean {
  const [path = '', anchor = ''] = href.split('#');
  const target = path === '' ? name : posix.join(posix.dirname(name), decodeURIComponent(path));
  if (!existsSync(join(out, target)) || target.startsWith('..')) return false;
  return anchor === '' || idsIn(target).includes(decodeURIComponent(anchor));
}

test('there is a page for each page of the repository, and nothing that no page needs', () => {
  expect(names).toHaveLength(built.pages.length);
  expect(filesIn(out)).toHaveLength(built.pages.length + built.others.length + 1);
  expect(names).toContain('index.html');
});

describe.each(names)('%s', (name) => {
  test('leads nowhere that is not there', () => {
    const hrefs = [...pointed(name, 'href'), ...pointed(name, 'src')].filter((href) => !isElsewhere(href));
    expect(hrefs.length).toBeGreaterThan(20);
    expect(hrefs.filter((href) => !leadsTo(name, href))).toEqual([]);
    for (const target of pointed(name, 'popovertarget')) expect(idsIn(name)).toContain(target);
  });

  test('names each of its places once', () => {
    expect(idsIn(name)).toEqual([...new Set(idsIn(name))]);
  });

  test('runs nothing, loads nothing from elsewhere, and its policy says so', () => {
    const elements = elementsIn(name);
    const kinds = new Set(elements.map((it) => it.name));
    for (const kind of ['script', 'iframe', 'object', 'embed', 'form', 'base'])
      expect(kinds).not.toContain(kind);
    const attributes = elements.flatMap((it) => [...it.attributes.keys()]);
    expect(attributes.filter((it) => it === 'style' || it.startsWith('on'))).toEqual([]);
    const loaded = elements
      .filter((it) => it.name !== 'a')
      .flatMap(({ attributes: its }) => ['href', 'src', 'srcset'].flatMap((it) => its.get(it) ?? []));
    expect(loaded.filter(isElsewhere)).toEqual([]);
    expect(elements.find((it) => it.attributes.get('http-equiv'))?.attributes.get('content')).toBe(
      policyFor(name),
    );
  });

  test('has one title, pictures with words, and is at most 100 kB', () => {
    const elements = elementsIn(name);
    expect(elements.filter((it) => it.name === 'h1')).toHaveLength(1);
    expect(elements.filter((it) => it.name === 'img' && !it.attributes.has('alt'))).toEqual([]);
    expect(Buffer.byteLength(pages.get(name)?.html ?? '')).toBeLessThan(100_000);
  });
});

/** The hash is made of what the browser sees between the tags. */
function policyFor(name: string): string {
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(pages.get(name)?.html ?? '') ?? [];
  const sha256 = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; base-uri 'none'; form-action 'none'; img-src 'self' file:; style-src 'sha256-${sha256}'`;
}

test('every page is in the navigation of every page, and index.html leads to all of them', () => {
  const files = (name: string) =>
    pointed(name, 'href').filter((href) => !isElsewhere(href) && href.split('#')[0]?.endsWith('.html'));
  for (const name of names) {
    const reached = files(name).map((href) => posix.join(posix.dirname(name), href.split('#')[0] ?? ''));
    expect([...new Set([...reached, name])].sort(), name).toEqual(names);
  }
});

test('the README in Japanese says that it is', () => {
  expect(elementsIn('readme.ja.html')[0]?.attributes.get('lang')).toBe('ja');
  expect(elementsIn('readme.html')[0]?.attributes.get('lang')).toBe('en');
});

test('made again it has the same bytes', async () => {
  const again = join(folder, 'again');
  await buildSite('.', again);
  expect(filesIn(again)).toEqual(filesIn(out));
  for (const name of filesIn(out))
    expect(readFileSync(join(again, name)).equals(readFileSync(join(out, name))), name).toBe(true);
});

test('a link that leads nowhere is told, and nothing is written', async () => {
  const root = join(folder, 'repository');
  mkdirSync(join(root, 'docs/schemas'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{}');
  for (const name of ['README.md', 'README.ja.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/README.md'])
    writeFileSync(
      join(root, name),
      `# ${name}\n\n[gone](gone.md) [there](#${name.replaceAll(/[./]/g, '').toLowerCase()})`,
    );
  const building = buildSite(root, join(root, 'site'));
  await expect(building).rejects.toThrow('links that lead nowhere:\nREADME.md: gone.md: leads to nothing\n');
  expect(existsSync(join(root, 'site'))).toBe(false);
});

test.each([
  ['an end that is missing', '<!doctype html><p>a'],
  ['ends in another order', '<p><b>a</p></b>'],
  ['a text that became markup', '<p>a < b</p>'],
  ['a value without quotes', '<p id=a>b</p>'],
])('%s would be seen', (_, html) => {
  expect(() => elementsOf(html)).toThrow();
});
