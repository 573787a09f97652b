import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTag } from '../../../lib/image/reference.ts';
import { isReferrerTag, tagEvidence, tagForm } from '../../../lib/image/tag-form.ts';

/** Tag, kind and, where there is one, the commit: written and classified by hand. */
const TABLE = readFileSync(new URL('tags.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t'))
  .map(([tag = '', kind = '', commit]) => ({ tag: parseTag(tag), kind, commit }));

describe('500 tags classified by hand', () => {
  test('there are 500, each once', () => {
    expect(TABLE.length).toBeGreaterThanOrEqual(500);
    expect(new Set(TABLE.map(({ tag }) => tag)).size).toBe(TABLE.length);
  });

  test.each(TABLE)('$tag: $kind', ({ tag, kind, commit }) => {
    const form = tagForm(tag);
    expect({ kind: form.kind, commit: 'commit' in form ? form.commit : undefined }).toEqual({ kind, commit });
  });

  test.each(TABLE)('$tag as evidence', ({ tag, kind, commit }) => {
    const evidence = tagEvidence(tag);
    expect(evidence?.commit).toBe(commit);
    if (!evidence) return;
    expect(evidence.source).toEqual({ from: 'tag', tag });
    expect(evidence.tier).toBe((commit?.length ?? 0) >= 40 ? 'tag-full' : 'tag-short');
    expect(evidence.doubt !== undefined).toBe(kind === 'ambiguous');
    expect(evidence.isDirty).toBe(tag.endsWith('-dirty') || undefined);
  });

  test.each(TABLE)('isReferrerTag($tag)', ({ tag, kind }) => {
    expect(isReferrerTag(tag)).toBe(kind === 'referrer');
  });
});

const anyTag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/);
const commitLike = fc.stringMatching(/^[a-z]{1,5}[-_.][0-9a-f]{5,42}(-[0-9]{6,15})?(-dirty)?$/);

test('whatever the tag: at least 7 and at most 64 hex characters, and always a part of the tag', () => {
  fc.assert(
    fc.property(fc.oneof(anyTag, commitLike), (text) => {
      const evidence = tagEvidence(parseTag(text));
      if (!evidence) return;
      expect(evidence.commit).toMatch(/^(?:[0-9a-f]{7,40}|[0-9a-f]{64})$/);
      expect(text).toContain(evidence.commit);
    }),
    { numRuns: 3000 },
  );
});

test('a tag of the greatest length takes no time, whatever it repeats', () => {
  const repeated = fc
    .tuple(
      fc.constantFrom('0', 'a', '-', '.', '0-', 'a.', '-g', '1.', 'b', 'cache-', 'sha-'),
      fc.constantFrom('x', '!', '-dirty'),
    )
    .map(([part, end]) => `a${part.repeat(128)}`.slice(0, 128 - end.length) + end.replace('!', '_'));
  const started = performance.now();
  fc.assert(
    fc.property(repeated, (text) => void tagForm(parseTag(text))),
    { numRuns: 1000 },
  );
  expect(performance.now() - started).toBeLessThan(2000);
});
