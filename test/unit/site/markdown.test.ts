import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '../../../build/site/markdown.mjs';

const html = (text: string) => renderMarkdown(text, (href) => ({ href })).html;
/** The site has none of it. */
const without = (text: string) => renderMarkdown(text, (path) => ({ path })).html;

test('headings have names, and links to themselves that nobody stumbles over', () => {
  const { html: made, headings } = renderMarkdown('# A\n\n## `b` & c\n\n## `b` & c\n', (href) => ({ href }));
  expect(headings).toEqual([
    { depth: 1, id: 'a', text: 'A' },
    { depth: 2, id: 'b--c', text: 'b & c' },
    { depth: 2, id: 'b--c-1', text: 'b & c' },
  ]);
  expect(made).toContain('<h1 id="a">A</h1>');
  expect(made).toContain('<h2 id="b--c"><code>b</code> &amp; c <a class="here" href="#b--c" tabindex="-1"');
});

describe('a link', () => {
  test('leads to what it resolves to, and is on the list as it was written', () => {
    const { html: made, hrefs } = renderMarkdown('[to **x**](x.md#y) https://example.com/a', (href) => ({
      href: href.replace('.md', '.html'),
    }));
    expect(made).toContain('<a href="x.html#y">to <strong>x</strong></a>');
    expect(made).toContain('<a href="https://example.com/a">https://example.com/a</a>');
    expect(hrefs).toEqual(['x.md#y', 'https://example.com/a']);
  });

  test('whose words are a file has the name of its page, where it has one', () => {
    const named = (text: string) => renderMarkdown(text, () => ({ href: 'a.html', page: 'A & B' })).html;
    expect(named('[docs/a.md](docs/a.md)')).toBe('<p><a href="a.html">A &amp; B</a></p>\n');
    expect(named('[see a.md](a.md)')).toBe('<p><a href="a.html">see a.md</a></p>\n');
    expect(html('[a.md](a.md)')).toBe('<p><a href="a.md">a.md</a></p>\n');
  });

  test('to what the site does not have is its words, and the path where they do not say it', () => {
    expect(without('[`main.tf`](examples/main.tf)')).toBe('<p><code>main.tf</code></p>\n');
    expect(without('[a workflow](a/b.yml)')).toBe('<p>a workflow (<code>a/b.yml</code>)</p>\n');
    expect(without('![a picture](a.svg)')).toBe('<p>a picture</p>\n');
  });
});

test('pictures have their words, and a width where it is said', () => {
  expect(html('![two "words"](a.svg)')).toBe('<p><img src="a.svg" alt="two &quot;words&quot;"></p>\n');
  expect(html('<img src="b.png" alt="b" width="270">')).toBe('<img src="b.png" alt="b" width="270">');
});

describe('HTML in a page', () => {
  test('that our pages have is taken, and remarks are not', () => {
    expect(html('<details><summary>a & b</summary>\n\n*c*\n\n</details>\n<!-- d -->')).toBe(
      '<details><summary>a &amp; b</summary><p><em>c</em></p>\n</details>\n',
    );
  });

  test.each([
    '<script>alert(1)</script>',
    'a <b>b</b>',
    '<img src="a.svg" onerror="alert(1)">',
    '<details open="open">\n',
    '<SCRIPT src="https://example.com/a.js"></SCRIPT>',
    '<iframe src="a"></iframe>',
  ])('%s is refused', (text) => {
    expect(() => html(text)).toThrow('is not among the HTML that a page may have');
  });

  test.each([
    '<script src=a.js>',
    '<img src=x onerror=alert(1)>',
    '<svg/onload=alert(1)>',
    '<!-- a',
    '<?php a ?>',
  ])('%s, which is no form of ours, is text', (text) => {
    expect(html(text)).not.toMatch(/<(?!\/?p>)/);
  });
});

describe('code', () => {
  test('is text, scrolls by keyboard, and has no language', () => {
    expect(html('```yaml channel\n<a>&\n```')).toBe('<pre tabindex="0"><code>&lt;a&gt;&amp;</code></pre>\n');
    expect(html('`<b>`')).toBe('<p><code>&lt;b&gt;</code></p>\n');
  });

  test('of a terminal shows what was typed', () => {
    expect(html('```console\n$ who <x>\nan answer of $ 5\n```')).toBe(
      '<pre tabindex="0"><code><b>$ who &lt;x&gt;</b>\nan answer of $ 5</code></pre>\n',
    );
  });
});

describe('a table', () => {
  const prose = 'a sentence that is longer than what a narrow column should hold';

  test('is in a frame; names are not broken, prose is not squeezed, numbers are on the right', () => {
    const made = html(`| a | b | c |\n|---|--:|---|\n| x | ${prose} | ${'w'.repeat(40)} |`);
    expect(made).toContain('<div class="table" tabindex="0"><table>');
    expect(made).toContain('<th class="name">a</th><th class="right prose">b</th><th>c</th>');
    expect(made).toContain(`<td class="name">x</td><td class="right prose">${prose}</td>`);
  });

  test('without words in its head has none; an empty one among others is no head', () => {
    expect(html('| | |\n|---|---|\n| x | y |')).not.toContain('<th');
    expect(html('| | b |\n|---|---|\n| x | y |')).toContain('<td class="name"></td><th class="name">b</th>');
  });
});
