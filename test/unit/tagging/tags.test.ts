import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTag } from '../../../lib/image/reference.ts';
import { tagEvidence, tagForm } from '../../../lib/image/tag-form.ts';
import type { Checkout } from '../../../lib/tagging/checkout.ts';
import { tagsOf, versionsOf, type Wishes } from '../../../lib/tagging/tags.ts';

const COMMIT = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';

function aCheckout(parts: Partial<Checkout> = {}): Checkout {
  const { commit = COMMIT } = parts;
  const short = commit.slice(0, 7);
  return { commit, short, isShallow: false, tags: [], changedCount: 0, untrackedCount: 0, ...parts };
}

describe('the convention', () => {
  test.each<[string, Partial<Checkout>, Wishes, readonly string[]]>([
    ['a commit', {}, {}, [COMMIT]],
    ['a version', { tags: ['v1.0.0'] }, {}, [COMMIT, 'v1.0.0-0a1b2c3']],
    ['an environment', {}, { env: 'prod' }, [COMMIT, 'prod-latest']],
    [
      'all of it',
      { tags: ['v1.2.3', '1.2.3', 'v1.2.3-rc.1', 'nightly', 'demo-api/v9.9.9'] },
      { env: 'prod', build: '57' },
      [COMMIT, 'v1.2.3-0a1b2c3', 'v1.2.3-rc.1-0a1b2c3', 'prod-latest', 'build-57'],
    ],
    ['build metadata', { tags: ['v1.2.3+exp.5'] }, {}, [COMMIT, 'v1.2.3-exp.5-0a1b2c3']],
    [
      'a dirty tree',
      { tags: ['v1.0.0'], changedCount: 1 },
      { env: 'dev', build: '1' },
      [`${COMMIT}-dirty`, 'v1.0.0-0a1b2c3-dirty', 'dev-latest', 'build-1'],
    ],
    ['files that git does not know', { untrackedCount: 1 }, {}, [`${COMMIT}-dirty`]],
  ])('%s', (_, checkout, wishes, tags) => {
    expect(tagsOf(aCheckout(checkout), wishes)).toEqual(tags);
  });

  test('a short commit of digits is made longer, until nobody reads it as a number', () => {
    const commit = `12345678a${'0'.repeat(31)}`;
    const tags = tagsOf(aCheckout({ commit, tags: ['v1.0.0'] }), {});
    expect(tags).toEqual([commit, 'v1.0.0-12345678a']);
  });

  test.each([
    { env: '' },
    { env: '-prod' },
    { env: 'prod/eu' },
    { env: 'prod latest' },
    { env: '$(touch x)' },
    { env: 'v1.2.3' },
    { env: 'buildcache' },
    { env: 'x'.repeat(101) },
    { build: '' },
    { build: '57a' },
    { build: '-1' },
    { build: '1'.repeat(19) },
  ])('%j is refused', (wishes) => {
    expect(() => tagsOf(aCheckout(), wishes)).toThrow(/^--(env|build) takes/);
  });
});

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
/** Commits, and those whose beginning is a number. */
const commits = fc.oneof(
  hex(40),
  fc.tuple(fc.stringMatching(/^[0-9]{7,20}$/), hex(40)).map(([digits, rest]) => (digits + rest).slice(0, 40)),
);
/** Version tags, among them those that look like commits, dates and git describe. */
const versions = fc.stringMatching(/^v?[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}([-+][0-9a-gA-Z.+-]{1,40})?$/);
const hostile = fc.oneof(
  versions,
  fc.string(),
  fc.constantFrom('v1.0.0;id', 'v1.0.0$(id)', 'v1.0.0\nx', 'v1'),
);
const envs = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,30}$/);

const wished = fc.record(
  { env: envs.filter(isMoving), build: fc.stringMatching(/^[0-9]{1,10}$/) },
  { requiredKeys: [] },
);
const inputs = fc.record({
  commit: commits.filter((it) => !/^\d+$/.test(it)),
  tags: fc.array(hostile, { maxLength: 5 }),
  isDirty: fc.boolean(),
  wishes: wished,
});

describe('whatever git and people name', () => {
  test('every tag is one, leads to this commit or to none, and none is latest alone', () => {
    fc.assert(
      fc.property(inputs, ({ isDirty, wishes, ...checkout }) => {
        const here = aCheckout({ ...checkout, changedCount: isDirty ? 1 : 0 });
        const tags = tagsOf(here, wishes);
        expect(tags.map((tag) => parseTag(tag))).toEqual([...new Set(tags)]);
        expect(tags).not.toContain('latest');
        const namingCount = 1 + versionsOf(here).length;
        const naming = tags.slice(0, namingCount).map((tag) => ({ ...tagForm(tag), ...tagEvidence(tag) }));
        for (const { kind, commit = '', isDirty: says = false } of naming) {
          expect([kind, checkout.commit.startsWith(commit), says]).toEqual(['commit', true, isDirty]);
          expect(commit.length).toBeGreaterThanOrEqual(7);
        }
        expect(tags.slice(namingCount).map((tag) => tagEvidence(tag))).toEqual(
          Object.keys(wishes).map(() => undefined),
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

function isMoving(env: string): boolean {
  return tagForm(parseTag(`${env}-latest`)).kind === 'mutable';
}
