import { expect, onTestFinished, test, vi } from 'vitest';
import type { AppliedPolicy, PolicyDocument } from '../../../lib/policy/document.ts';
import { policies } from '../../../lib/services/policy.ts';
import { savePolicy } from '../../../lib/store/policy.ts';
import { at } from '../../build/lineage.ts';
import { openTables } from '../../doubles/dynamodb.ts';

const ENV = { SCAN_RESPONSE_NOTIFY_AT: 'HIGH', SCAN_RESPONSE_TRACKED_TAGS: 'latest' };
const MINUTE_MS = 60_000;

/** A ledger, who reads the policy from it, and a clock that stands still. */
async function openLedger(time = '23:58') {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(at(time)) });
  onTestFinished(() => void vi.useRealTimers());
  const { ledger, requests } = await openTables();
  const applied: AppliedPolicy[] = [];
  return {
    ledger,
    policyOf: policies(ENV, ledger),
    /** How often the ledger was asked since the last time. */
    asked: () => requests.splice(0).filter((it) => it === 'GetItemCommand' || it === 'GetCommand').length,
    async apply(document: Omit<PolicyDocument, 'version'>) {
      const policy = {
        number: applied.length + 1,
        ...{ document: { version: 1 as const, ...document }, hash: `${applied.length}`, at: at('01:00') },
      };
      expect(await savePolicy(ledger, policy, applied.at(-1))).toBe(true);
      applied.push(policy);
    },
  };
}

const later = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);

test('until somebody applies a policy, the environment holds', async () => {
  const { policyOf } = await openLedger();
  expect(await policyOf({ name: 'demo-api' })).toMatchObject({ notifyAt: 'HIGH', trackedTags: ['latest'] });
});

test('what is applied holds after a minute, and not before; the ledger is asked once in that time', async () => {
  const { policyOf, apply, asked } = await openLedger('12:00');
  const notifyAt = async (name = 'demo-api') => (await policyOf({ name })).notifyAt;
  await apply({ notifyAt: 'CRITICAL' });
  expect(await notifyAt()).toBe('CRITICAL');
  await apply({ notifyAt: 'LOW', repositories: [{ name: 'shop', notifyAt: 'MEDIUM' }] });
  asked();
  later(MINUTE_MS - 1);
  expect([await notifyAt(), await notifyAt('shop')]).toEqual(['CRITICAL', 'CRITICAL']);
  expect(asked()).toBe(0);
  later(1);
  expect([await notifyAt(), await notifyAt('shop'), await notifyAt()]).toEqual(['LOW', 'MEDIUM', 'LOW']);
  expect(asked()).toBe(1);
});

test('many that ask at once make one request', async () => {
  const { policyOf, apply, asked } = await openLedger();
  await apply({ owner: 'platform' });
  asked();
  await Promise.all(Array.from({ length: 50 }, (_, nth) => policyOf({ name: `service-${nth}` })));
  expect(asked()).toBe(1);
});

test('a rule ends with its day, also while the policy is remembered', async () => {
  const { policyOf, apply, asked } = await openLedger('23:59');
  await apply({ ignore: [{ cve: 'CVE-1', reason: 'r', expires: '2026-11-20' }] });
  later(30_000);
  const before = await policyOf({ name: 'demo-api' });
  expect(before).toMatchObject({ ignore: [{ cve: 'CVE-1' }], mark: expect.any(String) });
  asked();
  later(30_000);
  const after = await policyOf({ name: 'demo-api' });
  expect([after.ignore, after.mark, asked()]).toEqual([undefined, undefined, 0]);
});

test('a ledger that cannot be read is told, and asked again', async () => {
  const { ledger, apply } = await openLedger();
  await apply({ notifyAt: 'LOW' });
  const moved = { ...ledger, name: 'nowhere' };
  const policyOf = policies(ENV, moved);
  await expect(policyOf({ name: 'demo-api' })).rejects.toThrow('resource not found');
  moved.name = ledger.name;
  expect(await policyOf({ name: 'demo-api' })).toMatchObject({ notifyAt: 'LOW' });
});
