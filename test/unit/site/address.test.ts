import { describe, expect, test } from 'vitest';
import { addressOf, linked, relative } from '../../../build/site/address.mjs';
import { anchors } from '../../../build/site/anchors.mjs';
import { escapeHtml, shownText } from '../../../build/site/escape.mjs';
import { sourceAddress } from '../../../build/site/source-address.mjs';

test.each([
  ['docs/README.md', 'index.html'],
  ['docs/runbook.md', 'runbook.html'],
  ['docs/decisions/0001-x.md', 'decisions/0001-x.html'],
  ['docs/alerts/digest.svg', 'alerts/digest.svg'],
  ['docs/schemas', 'schemas/index.html'],
  ['README.md', 'readme.html'],
  ['README.ja.md', 'readme.ja.html'],
  ['ARCHITECTURE.md', 'architecture.html'],
])('%s is at %s', (path, address) => {
  expect(addressOf(path)).toBe(address);
});

test('addresses are relative', () => {
  expect(relative('index.html', 'schemas/index.html')).toBe('schemas/index.html');
  expect(relative('decisions/0001.html', 'index.html')).toBe('../index.html');
});

describe('a link means', () => {
  test.each([
    ['docs/a.md', 'b.md#c', { path: 'docs/b.md', anchor: 'c' }],
    ['docs/a.md', '#c', { path: 'docs/a.md', anchor: 'c' }],
    ['docs/a.md', '../examples/', { path: 'examples', anchor: '' }],
    ['docs/decisions/1.md', '../../build/x.mjs', { path: 'build/x.mjs', anchor: '' }],
    ['README.md', 'docs/%61.md#%E4%BE%8B', { path: 'docs/a.md', anchor: '例' }],
    ['docs/a.md', '../../elsewhere', { path: '../elsewhere', anchor: '' }],
  ])('in %s, %s: %o', (file, href, target) => {
    expect(linked(file, href)).toEqual(target);
  });

  test.each(['https://example.com', 'http://127.0.0.1/a', 'mailto:a@example.com'])(
    '%s: another host',
    (href) => {
      expect(linked('docs/a.md', href)).toBeUndefined();
    },
  );

  test.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,a',
    '//example.com/a',
    '/etc/hosts',
  ])('%s is refused', (href) => {
    expect(() => linked('docs/a.md', href)).toThrow('no address that a page may have');
  });
});

test('headings have the names that GitHub gives them', () => {
  const nameOf = anchors();
  const headings = [
    ['In an account: the event `Image Verdict`'.replaceAll('`', ''), 'in-an-account-the-event-image-verdict'],
    ["The console's door", 'the-consoles-door'],
    ['What was run, and what was not', 'what-was-run-and-what-was-not'],
    ['2. Secrets', '2-secrets'],
    ['a_b – c/d', 'a_b--cd'],
    ['試す: コマンド二つ', '試す-コマンド二つ'],
    ['Again', 'again'],
    ['Again', 'again-1'],
    ['again', 'again-2'],
  ];
  expect(headings.map(([text = '']) => nameOf(text))).toEqual(headings.map(([, name]) => name));
});

test('a text goes into HTML and comes back', () => {
  const text = `<a href="x">'&amp;'</a>`;
  expect(escapeHtml(text)).not.toMatch(/[<>"']/);
  expect(shownText(`<b>${escapeHtml(text)}</b>`)).toBe(text);
});

test('a file that the site does not have is on the forge, once package.json names one', () => {
  const address = 'https://github.com/acme/scan-response/blob/HEAD/events/a.json';
  const url = 'git+https://github.com/acme/scan-response.git';
  expect(sourceAddress({ url }, 'events/a.json')).toBe(address);
  expect(sourceAddress('https://github.com/acme/scan-response', 'events/a.json')).toBe(address);
  expect(sourceAddress(undefined, 'events/a.json')).toBeUndefined();
  expect(sourceAddress('git@github.com:acme/scan-response.git', 'events/a.json')).toBeUndefined();
});
