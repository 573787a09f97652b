import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { NO_SCAN } from '../../../lib/policy/open-findings.ts';
import { NEWEST_PUSH } from '../../../lib/policy/policy.ts';
import { listUrgent, loadFollowed } from '../../../lib/store/followed.ts';
import { loadBaselines, loadOpenFindings } from '../../../lib/store/open-findings.ts';
import { listShown } from '../../../lib/store/shown.ts';
import { aDigest, aRepository, at } from '../../build/lineage.ts';
import { aFinding } from '../../build/notice.ts';
import { itemsOf, openTables } from '../../doubles/dynamodb.ts';
import { looker } from '../../doubles/looks.ts';

const repository = aRepository();
const [A, B] = ['a', 'b'].map(aDigest) as [ReturnType<typeof aDigest>, ReturnType<typeof aDigest>];
const critical = [aFinding()];

async function world() {
  const { ledger } = await openTables();
  return {
    ledger,
    ...looker({ ledger }),
    one: async () => (await loadFollowed(ledger, repository))[0],
    urgent: async () => (await listUrgent(ledger)).map(({ critical: most, high }) => [most, high]),
  };
}

describe('that an image could not be scanned', () => {
  test('is known before anything was ever scanned, and makes no baseline', async () => {
    const { ledger, unscanned, one, urgent } = await world();
    await unscanned('latest', A, at('02:00'));
    const look = { digest: A, pushedAt: at('02:00'), readAt: at('02:00'), status: 'UNSUPPORTED_IMAGE' };
    expect(await one()).toEqual({ reference: 'latest', unscanned: look, isUrgent: true });
    expect(await loadOpenFindings(ledger, repository, 'latest')).toMatchObject({ scanKey: NO_SCAN, ids: [] });
    expect(await loadBaselines(ledger, repository)).toEqual(new Map());
    expect(await listShown(ledger, at('00:00'))).toEqual([]);
    expect(await urgent()).toEqual([[0, 0]]);
  });

  test.each(['latest', NEWEST_PUSH])(
    'of %s is over with the next look that reads something',
    async (reference) => {
      const { look, unscanned, one, urgent } = await world();
      await unscanned(reference, A, at('02:00'));
      await look(reference, B, at('02:10'), []);
      expect(await one()).toMatchObject({ open: { digest: B }, isUrgent: false });
      expect(await one()).not.toHaveProperty('unscanned');
      expect(await urgent()).toEqual([]);
    },
  );

  test('stands beside a baseline, whose open findings stay shown', async () => {
    const { look, unscanned, one, urgent } = await world();
    await look('latest', A, at('02:00'), critical);
    const before = await one();
    await unscanned('latest', B, at('02:10'));
    expect(await one()).toEqual({ ...before, unscanned: expect.objectContaining({ digest: B }) });
    expect(await urgent()).toEqual([[1, 0]]);
  });

  test('of a look before the baseline changes nothing, nor does the same twice', async () => {
    const { ledger, look, unscanned } = await world();
    await look('latest', A, at('02:10'), []);
    const kept = await itemsOf(ledger);
    await unscanned('latest', B, at('02:00'));
    expect(await itemsOf(ledger)).toEqual(kept);
    await unscanned('latest', B, at('02:20'));
    const known = await itemsOf(ledger);
    await unscanned('latest', B, at('02:20'));
    await unscanned('latest', A, at('02:15'));
    expect(await itemsOf(ledger)).toEqual(known);
  });

  test('of the newest push goes by the push: an older image that is scanned later does not end it', async () => {
    const { look, unscanned, one } = await world();
    await unscanned(NEWEST_PUSH, B, at('02:20'), { pushedAt: at('02:10') });
    await look(NEWEST_PUSH, A, at('02:30'), critical, { pushedAt: at('01:00') });
    expect(await one()).toMatchObject({ open: { digest: A }, unscanned: { digest: B } });
    await unscanned(NEWEST_PUSH, A, at('02:40'), { pushedAt: at('01:00') });
    expect(await one()).toMatchObject({ unscanned: { digest: B } });
  });
});

describe('what was counted', () => {
  test('is kept where the gauges show nothing of it', async () => {
    const { look, one } = await world();
    await look('latest', A, at('02:00'), [aFinding({ severity: 'HIGH' })]);
    expect(await one()).toMatchObject({ open: { counted: { scanType: 'enhanced', counts: { HIGH: 1 } } } });
    await look('latest', A, at('02:10'), critical);
    expect(await one()).toMatchObject({ open: { shown: { counts: { CRITICAL: 1 } } } });
    expect((await one())?.open).not.toHaveProperty('counted');
  });

  test('of the newest push is kept although its gauges are those of a tag', async () => {
    const { look, one } = await world();
    await look(NEWEST_PUSH, A, at('02:00'), critical);
    await look(NEWEST_PUSH, B, at('02:10'), critical, { isAside: true });
    expect(await one()).toMatchObject({
      open: { shown: { counts: { CRITICAL: 0 } }, counted: { counts: { CRITICAL: 1 } } },
      isUrgent: false,
    });
  });

  test('goes with its look: what an earlier release left beside a later one is not believed', async () => {
    const { ledger, look, one } = await world();
    await look('latest', A, at('02:00'), []);
    const [item] = await itemsOf(ledger);
    const later = { ...item, readAt: at('02:10'), digest: B };
    await ledger.client.send(new PutCommand({ TableName: ledger.name, Item: later }));
    expect(await one()).toMatchObject({ open: { digest: B } });
    expect((await one())?.open).not.toHaveProperty('counted');
  });
});
