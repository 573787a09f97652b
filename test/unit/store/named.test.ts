import { describe, expect, test } from 'vitest';
import { saveRepository } from '../../../lib/store/image.ts';
import { findRepositories } from '../../../lib/store/named.ts';
import { saveVerification } from '../../../lib/store/reconciliation.ts';
import { aRepository, at } from '../../build/lineage.ts';
import { openTables } from '../../doubles/dynamodb.ts';

describe('a repository by its name alone', () => {
  test('is found in every account and region, once each, in one request', async () => {
    const { lineage, requests } = await openTables();
    const here = aRepository();
    const there = aRepository({ account: '444455556666', region: 'us-east-1' });
    for (const it of [here, there, here, aRepository({ name: 'team/demo-api' })])
      await saveRepository(lineage, it);
    const verification = { verifiedAt: at('03:00'), since: at('01:00') };
    await saveVerification(lineage, there, verification);
    requests.splice(0);
    expect(await findRepositories(lineage, 'demo-api')).toEqual([
      { repository: here },
      { repository: there, verification },
    ]);
    expect(requests).toEqual(['QueryCommand']);
    expect(await findRepositories(lineage, 'demo')).toEqual([]);
  });

  test('is not found by a verification alone: nothing was ever pushed to it', async () => {
    const { lineage } = await openTables();
    await saveVerification(lineage, aRepository(), { verifiedAt: at('03:00'), since: at('01:00') });
    expect(await findRepositories(lineage, 'demo-api')).toEqual([]);
  });
});
