import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { inert } from '../../../lib/sinks/sns/inert.ts';

const shown = (text: string, most = 200) => inert(untrusted(text), most);

test.each([
  'CVE-2026-1001',
  'openssl 3.0.2-r1',
  'python_foo_bar',
  'a fix exists for 1 critical',
  'platforms scanned: linux/amd64',
  'main-9f8e7d6 (from the tag, unverified)',
  'libstdc++6',
  '',
])('%j is shown as it is', (text) => {
  expect(shown(text)).toBe(text);
});

describe('what a chat would make something of looks alike, and is something else', () => {
  test.each([
    ['<!channel>', '‹!channel›'],
    ['@babel/core', '＠babel/core'],
    ['[console](https://evil.example)', '［console］(https∶//evil․example)'],
    ['&lt;!here&gt;', '＆lt;!here＆gt;'],
    ['*a* ~b~ `c` |d| #e \\f', '∗a∗ ∼b∼ ˋcˋ ¦d¦ ＃e ＼f'],
    ['_a_ __b__ c_d', '＿a＿ ＿＿b＿＿ c_d'],
    ['字_字', '字＿字'],
    [':tada: x:y: z:', '∶tada∶ x∶y∶ z:'],
    ['mailto:you tel:112', 'mailto∶you tel∶112'],
    ['www.evil.example 1.evil', 'www․evil․example 1․evil'],
    ['evil。example evil．example', 'evil․example evil․example'],
  ])('%s', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });
});

test('nothing in it is left to be replaced, and it has as many characters as it may', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(fc.constantFrom(...':_.@<>[]()`*~|#&\\ a1字'), { maxLength: 30 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 40 }), (it, most) => {
      const once = shown(it, most);
      expect(shown(once, most)).toBe(once);
      expect([...once].length).toBeLessThanOrEqual(most);
      expect(once).not.toMatch(/[<>@&[\]*`~|#\\]|:\S|:\S*:|[.。．｡]\p{L}/u);
    }),
    { numRuns: 3000 },
  );
});
