import { expect, test } from 'vitest';
import { besideWords, countStandings, isMatch } from '../../../../lib/console/page/overview/words.ts';
import { type RepositoryState, repositoryState } from '../../../../lib/lookup/repository-state.ts';
import { NEWEST_PUSH } from '../../../../lib/policy/policy.ts';
import { toCounts } from '../../../../lib/scan/severity.ts';
import { aWorkload } from '../../../build/ecs.ts';
import { aDigest, aRepository, at } from '../../../build/lineage.ts';

function aState(reference: string, counts = {}): RepositoryState {
  const digest = aDigest('a');
  const found = { scanType: 'basic', counts: toCounts(counts) } as const;
  return repositoryState(
    {
      repository: aRepository({ name: 'team/Shop-api' }),
      references: [{ reference, digest, since: at('02:00'), state: 'scanned', ...found }],
      running: [{ digest, reference, services: [{ ...aWorkload({ name: 'checkout' }), tasks: 2 }] }],
      isWhole: true,
    },
    at('03:00'),
  );
}

test.each([
  ['shop', true],
  ['SHOP', true],
  ['shop prod/checkout', true],
  ['release eu-west', true],
  ['shop  latest', false],
  ['newest', false],
  ['1111', true],
])('the filter %j fits: %s', (filter, fits) => {
  expect(isMatch(aState('release-7'), filter)).toBe(fits);
});

test('what has no tag is found as it is called', () => {
  expect(isMatch(aState(NEWEST_PUSH), 'newest push')).toBe(true);
});

test('beside criticals and highs stands what is milder, fixable, ignored and in doubt', () => {
  expect(besideWords({})).toBe('');
  expect(besideWords({ counts: toCounts({ CRITICAL: 1, HIGH: 2 }) })).toBe('');
  expect(
    besideWords({
      counts: toCounts({ CRITICAL: 1, MEDIUM: 2, UNTRIAGED: 3 }),
      fixable: toCounts({ CRITICAL: 1, MEDIUM: 1 }),
      ignored: { CRITICAL: 4 },
      unknown: ['HIGH'],
    }),
  ).toBe('2 medium, 3 untriaged, 2 fixable, 4 critical ignored, list incomplete: at least these');
});

test('how many there are of each standing', () => {
  const all = [aState('latest'), aState('latest', { CRITICAL: 1 }), aState('latest', { HIGH: 1 })];
  expect([...countStandings(all)]).toEqual([
    ['scanned', 2],
    ['critical', 1],
  ]);
});
