import { expect, test } from 'vitest';
import type { Repository } from '../../../lib/image/reference.ts';
import { saveRepository } from '../../../lib/store/image.ts';
import { listRepositories, loadVerifications } from '../../../lib/store/listed-repositories.ts';
import { findRepositories } from '../../../lib/store/named.ts';
import { saveVerification } from '../../../lib/store/reconciliation.ts';
import { aRepository, at } from '../../build/lineage.ts';
import { openTables } from '../../doubles/dynamodb.ts';

const NAMES = ['a', 'a-b', 'a/b', 'ab', 'a0', 'b', 'z'];
const ALL: readonly Repository[] = [
  ...NAMES.map((name) => aRepository({ name })),
  aRepository({ name: 'a', region: 'us-east-1' }),
  aRepository({ name: 'a', account: '222233334444' }),
];
const verification = { verifiedAt: at('03:00'), since: at('01:00') };

async function listed() {
  const { lineage } = await openTables();
  for (const [nth, it] of ALL.entries()) {
    if (nth % 3 !== 0) await saveRepository(lineage, it);
    if (nth % 3 !== 1) await saveVerification(lineage, it, verification);
  }
  return lineage;
}

test.each([1, 2, 3, 8, 9, 50])(
  'pages of %i have each repository once, however it became known',
  async (limit) => {
    const lineage = await listed();
    const found: Repository[] = [];
    let after: string | undefined;
    do {
      const page = await listRepositories(lineage, { limit, after });
      expect(page.repositories.length).toBeLessThanOrEqual(limit);
      expect(page.repositories.length).toBeGreaterThan(0);
      found.push(...page.repositories);
      after = page.next;
    } while (after !== undefined);
    const keyOf = ({ account, region, name }: Repository) => `${account}#${region}#${name}`;
    expect(found.map(keyOf)).toEqual(ALL.map(keyOf).sort());
  },
);

test('of one account, or of one region', async () => {
  const lineage = await listed();
  const names = async (of: { account?: string; region?: string }) =>
    (await listRepositories(lineage, { ...of, limit: 50 })).repositories.length;
  expect(await names({ account: '222233334444' })).toBe(1);
  expect(await names({ region: 'us-east-1' })).toBe(1);
  expect(await names({ account: '111122223333', region: 'eu-west-1' })).toBe(NAMES.length);
  expect(await names({ account: '333344445555' })).toBe(0);
  expect(await listRepositories(lineage, { region: 'us-east-1', limit: 1 })).toEqual({
    repositories: [aRepository({ name: 'a', region: 'us-east-1' })],
  });
});

test('when each was verified comes with them, and they are found by name as before', async () => {
  const lineage = await listed();
  expect([...(await loadVerifications(lineage, ALL)).keys()]).toHaveLength(6);
  expect(await findRepositories(lineage, 'b')).toEqual([{ repository: ALL[5], verification }]);
});
