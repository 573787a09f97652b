import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TIERS, type Tier } from '../../../lib/image/evidence.ts';
import { HOW } from '../../../lib/image/evidence-words.ts';
import { allEvidence, provenanceOf } from '../../../lib/image/provenance.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import { anEvidence, aTagEvidence } from '../../build/evidence.ts';

const FULL = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const HEX64 = '0123456789abcdef'.repeat(4);
const tags = (...texts: string[]) => texts.map(parseTag);

describe('provenanceOf', () => {
  const best = (...texts: string[]) => provenanceOf(tags(...texts))?.best.commit;
  const conflicts = (...texts: string[]) =>
    provenanceOf(tags(...texts))?.conflicts.map(({ commit }) => commit);

  test('knows nothing where no tag says anything', () => {
    expect(provenanceOf([])).toBeUndefined();
    expect(provenanceOf(tags('latest', 'v1.2.3', '20261120'))).toBeUndefined();
  });

  test('the strongest wins', () => {
    expect(best('latest', 'abc1234', FULL, 'v1')).toBe(FULL);
    expect(best('latest', 'sha-abc1234')).toBe('abc1234');
    expect(best('abc1234', 'abc1234567')).toBe('abc1234567');
  });

  test('a short form of the same commit is no conflict', () => {
    expect(conflicts(FULL, `sha-${FULL.slice(0, 7)}`, `v1-${FULL.slice(0, 12)}`)).toEqual([]);
  });

  test('another commit is shown and not settled in silence', () => {
    expect(conflicts(FULL, 'sha-abc1234', 'latest')).toEqual(['abc1234']);
    expect(conflicts('main-abc1234', 'main-def5678')).toEqual(['def5678']);
  });

  describe('with what documents say', () => {
    const OTHER = 'f'.repeat(40);

    test.each<[string, Tier]>(Object.keys(TIERS).map((it) => [it, it as Tier]))(
      '%s wins against every weaker one',
      (_, tier) => {
        const weaker = (Object.keys(TIERS) as Tier[]).filter((it) => TIERS[it] > TIERS[tier]);
        const others = weaker.map((it) => anEvidence({ tier: it, commit: OTHER }));
        const { best, conflicts = [] } =
          provenanceOf(tags('latest'), [...others, anEvidence({ tier })].reverse()) ?? {};
        expect(best?.tier).toBe(tier);
        expect(conflicts).toHaveLength(weaker.length);
      },
    );

    test('a tag loses against a label and is shown', () => {
      const { best, conflicts } = provenanceOf(tags('deadbeef'), [anEvidence({ tier: 'label' })]) ?? {};
      expect([best?.tier, best?.commit]).toEqual(['label', FULL]);
      expect(conflicts?.map(({ commit, tier }) => [commit, tier])).toEqual([['deadbeef', 'tag-short']]);
    });

    test('a stronger source with fewer characters still wins, and two longer ones that differ are a conflict', () => {
      const short = anEvidence({ tier: 'annotation', commit: FULL.slice(0, 7) });
      const long = anEvidence({ tier: 'label', commit: FULL });
      const longer = anEvidence({ tier: 'label', commit: `${FULL.slice(0, 7)}${OTHER.slice(7)}` });
      expect(provenanceOf([], [long, short])).toEqual({ best: short, conflicts: [] });
      expect(provenanceOf([], [longer, long, short])?.conflicts).toEqual([longer]);
    });

    test('what is doubted is neither the answer nor a conflict, and stays to be seen', () => {
      const doubted = anEvidence({ tier: 'label', commit: OTHER, doubt: 'inherited' });
      expect(provenanceOf(tags('latest'), [doubted])).toBeUndefined();
      expect(provenanceOf(tags(FULL), [doubted])?.conflicts).toEqual([]);
      expect(allEvidence(tags(FULL), [doubted])).toEqual([aTagEvidence(FULL), doubted]);
    });

    test('a tag of digits, or of 64 characters, counts when something else names the same', () => {
      const digits = anEvidence({ commit: `1234567${OTHER.slice(7)}` });
      const sha256 = anEvidence({ commit: HEX64 });
      expect(provenanceOf(tags('1234567'), [])).toBeUndefined();
      expect(provenanceOf(tags('1234567'), [anEvidence()])?.conflicts).toEqual([]);
      expect(allEvidence(tags('1234567'), [digits])[1]?.doubt).toBeUndefined();
      expect(provenanceOf(tags(HEX64), [])).toBeUndefined();
      expect(allEvidence(tags(HEX64), [sha256]).map(({ doubt }) => doubt)).toEqual([undefined, undefined]);
      expect(allEvidence(tags(HEX64), [anEvidence()])[1]?.doubt).toBe('looks-like-a-hash');
    });

    test('two tags of digits do not confirm each other', () => {
      expect(provenanceOf(tags('1234567', 'build.12345678'), [])).toBeUndefined();
    });
  });

  test('does not depend on the order of the tags', () => {
    const tag = fc.constantFrom(
      'latest',
      'v1',
      FULL,
      'f'.repeat(40),
      'abc1234',
      'sha-abc1234',
      'abc12345',
      'm-def5678',
    );
    const both = fc.uniqueArray(tag).chain((one) => {
      const shuffled = fc.shuffledSubarray(one, { minLength: one.length, maxLength: one.length });
      return fc.tuple(fc.constant(one), shuffled);
    });
    fc.assert(
      fc.property(both, ([one, other]) => {
        expect(provenanceOf(tags(...one))).toEqual(provenanceOf(tags(...other)));
      }),
    );
  });
});

test.each(['deadbeef', 'effaced', 'defaced', 'decade1', 'acceded', 'v1.2.0-defaced', '1234567', '20261120'])(
  '%s is never shown as verified',
  (text) => {
    for (const { tier, source } of allEvidence(tags(text), [])) {
      expect(source.from).toBe('tag');
      expect(HOW[tier]).toMatch(/unverified$/);
    }
  },
);
