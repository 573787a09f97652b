import { describe, expect, test } from 'vitest';
import { deadLinks, unreachable } from '../../../build/site/dead-links.mjs';
import { navigation, UNNAMED } from '../../../build/site/navigation.mjs';
import { document } from '../../../build/site/page.mjs';
import { renderPages } from '../../../build/site/render-pages.mjs';
import { styleOf } from '../../../build/site/style.mjs';

const NOTHING = { isFile: () => false, sourceOf: () => undefined };
const rendered = (texts: Readonly<Record<string, string>>, repository = {}) =>
  renderPages(new Map(Object.entries(texts)), { ...NOTHING, ...repository });

describe('links between pages', () => {
  test('lead from page to page, to files beside them, and to the forge', () => {
    const { pages, others } = rendered(
      { 'docs/a.md': '[b](b.md#x) ![c](c/d.svg) [e](../lib/e.ts)', 'docs/b.md': '## x' },
      {
        isFile: (path: string) => path === 'docs/c/d.svg',
        sourceOf: (path: string) => `https://forge/${path}`,
      },
    );
    expect(pages[0]?.html).toContain('<a href="b.html#x">b</a>');
    expect(pages[0]?.html).toContain('<img src="c/d.svg" alt="c">');
    expect(pages[0]?.html).toContain('<a href="https://forge/lib/e.ts">e</a>');
    expect(others).toEqual(['docs/c/d.svg']);
  });

  test('that lead nowhere are told: a file, a heading, a picture, and what is beyond the repository', () => {
    const text =
      '# A\n[b](b.md) [c](#c) ![d](d.svg) [e](../../e.md) [fine](#a) [fine](https://example.com/#c)';
    const { pages } = rendered({ 'docs/a.md': text });
    expect(deadLinks(pages, (path) => path === 'docs/a.md' || path.startsWith('..'))).toEqual([
      'docs/a.md: b.md: leads to nothing',
      'docs/a.md: #c: docs/a.md has no heading #c',
      'docs/a.md: d.svg: leads to nothing',
      'docs/a.md: ../../e.md: leads to nothing',
    ]);
  });

  test('a page that no link leads to is found', () => {
    const { pages } = rendered({
      'docs/README.md': '[a](a.md)',
      'docs/a.md': '[b](b.md)',
      'docs/b.md': '',
      'docs/alone.md': '[a](a.md)',
    });
    expect(unreachable(pages, 'docs/README.md')).toEqual(['docs/alone.md']);
  });
});

test('the navigation has the pages that are there, in its own order, and what nobody named at the end', () => {
  const files = ['docs/new.md', 'docs/slack.md', 'docs/README.md'];
  expect(navigation(files).map(({ file, group }) => [file, group])).toEqual([
    ['docs/README.md', 'Start'],
    ['docs/slack.md', 'Alerts'],
    ['docs/new.md', UNNAMED],
  ]);
});

describe('a whole page', () => {
  const style = { text: 'a{}', sha256: 'HASH' };
  const files = ['docs/README.md', 'README.ja.md', 'docs/slack.md', 'docs/decisions/0002-oracles.md'];
  const page = (file: string, text = '# A <b>\n## 1\n## 2\n### 3') =>
    document(rendered({ [file]: text.replace('<b>', '&lt;b&gt;') }).pages[0] ?? expect.fail(), files, style);

  test('is in its language, with what is around it in English', () => {
    expect(page('docs/slack.md')).toContain('<html lang="en">');
    expect(page('README.ja.md')).toContain('<html lang="ja">');
    expect(page('README.ja.md')).toMatch(/<nav id="pages" popover aria-label="Pages" lang="en">/);
    expect(page('docs/slack.md')).toContain('<a href="readme.ja.html" lang="ja" hreflang="ja">');
  });

  test('allows its own style and pictures beside it, and nothing else', () => {
    const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(page('docs/slack.md')) ?? [];
    expect(policy?.split('; ')).toEqual([
      ...["default-src 'none'", "base-uri 'none'", "form-action 'none'"],
      ...["img-src 'self' file:", "style-src 'sha256-HASH'"],
    ]);
    expect(page('docs/slack.md')).toContain('<style>a{}</style>');
  });

  test('knows its place: its group, itself among the pages, those before and after it', () => {
    const made = page('docs/slack.md');
    expect(made).toContain('<p class="group">Alerts</p>');
    expect(made.match(/aria-current="page"/g)).toHaveLength(1);
    expect(made).toContain('<a href="slack.html" aria-current="page">Slack</a>');
    expect(made).toContain('<a href="readme.ja.html"><small>before</small>');
    expect(made).toContain('<a href="decisions/0002-oracles.html"><small>next</small>');
    expect(page('docs/decisions/0002-oracles.md')).toContain('<a href="../slack.html">Slack</a>');
  });

  test('lists its headings when they are several, and its title is text', () => {
    expect(page('docs/slack.md')).toContain('<title>A &lt;b&gt; · scan-response</title>');
    expect(page('docs/slack.md')).toContain('<li class="depth-3"><a href="#3">3</a></li>');
    expect(page('docs/slack.md', '# A\n## 1\n## 2')).not.toContain('On this page');
  });
});

describe('the style', () => {
  const colours =
    ':root {\n  --ink: #111;\n}\n\n@media screen and (prefers-color-scheme: dark) {\n  :root {\n    --ink: #eee;\n  }\n}\n\n';
  const marker = '/* The pages of the docs have what is above this line as well: build/site/style.mjs. */\n';
  const links = 'a {\n  color: var(--ink);\n}\n\n';
  const body = 'body {\n  margin: 0;\n}\n';

  test('has what the console has above the marker, and nothing else of it', () => {
    const { text, sha256 } = styleOf(`${colours}${links}${marker}${body}`, 'p {\n  padding: 0;\n}\n');
    expect(text).toContain('--ink: #eee');
    expect(text).toContain('a {\ncolor: var(--ink);\n}\n');
    expect(text).not.toContain('margin');
    expect(text).toMatch(/p \{\npadding: 0;\n\}\n$/);
    expect(sha256).toMatch(/^[\w+/]{43}=$/);
  });

  test.each([
    ['with rules of the console among them', `${colours}${body}${marker}`],
    ['in another order', `${links}${colours}${marker}`],
    ['light alone', `:root {\n  --ink: #111;\n}\n${marker}`],
    ['without an end', `${colours}${links}${body}`],
    ['with two ends', `${colours}${marker}${marker}`],
    ['that are not there', `${marker}${body}`],
  ])('colours and rules %s are refused', (_, text) => {
    expect(() => styleOf(text, '')).toThrow('does not begin with the colours and rules');
  });
});
