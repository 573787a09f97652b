import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import type { AppliedPolicy } from '../../../lib/policy/document.ts';
import { listPolicies, loadPolicy, savePolicy } from '../../../lib/store/policy.ts';
import type { Table } from '../../../lib/store/table.ts';
import { at } from '../../build/lineage.ts';
import { itemsOf, openTables } from '../../doubles/dynamodb.ts';

function aPolicy(number: number, more: Partial<AppliedPolicy> = {}): AppliedPolicy {
  return {
    number,
    document: { version: 1, owner: `owner-${number}` },
    hash: `${number}`.repeat(32),
    at: at(`03:0${number}`),
    by: 'role/ci',
    ...more,
  };
}

const [FIRST, SECOND, THIRD] = [aPolicy(1), aPolicy(2), aPolicy(3)];

/** The same table, whose `nth` write comes to nothing, and all after it. */
function dyingAt(table: Table, nth: number): Table {
  let writes = 0;
  const client = new Proxy(table.client, {
    get(target, name) {
      if (name !== 'send') return Reflect.get(target, name);
      return (command: never) => {
        if ((command as object) instanceof PutCommand && ++writes >= nth)
          return Promise.reject(new Error('the process is gone'));
        return target.send(command);
      };
    },
  });
  return { ...table, client };
}

describe('a policy', () => {
  test('is there once somebody applied one, as it was', async () => {
    const { ledger } = await openTables();
    expect(await loadPolicy(ledger)).toBeUndefined();
    expect(await listPolicies(ledger)).toEqual([]);
    expect(await savePolicy(ledger, FIRST, undefined)).toBe(true);
    expect(await loadPolicy(ledger)).toEqual(FIRST);
    expect(await loadPolicy(ledger, { isConsistent: true })).toEqual(FIRST);
    expect(await listPolicies(ledger)).toEqual([FIRST]);
  });

  test('may have no author', async () => {
    const { ledger } = await openTables();
    const { by: _, ...nobody } = FIRST;
    await savePolicy(ledger, nobody, undefined);
    expect(await loadPolicy(ledger)).toEqual(nobody);
  });

  test('takes the place of the one before, which stays on record', async () => {
    const { ledger } = await openTables();
    await savePolicy(ledger, FIRST, undefined);
    expect(await savePolicy(ledger, SECOND, FIRST)).toBe(true);
    expect(await savePolicy(ledger, THIRD, SECOND)).toBe(true);
    expect(await loadPolicy(ledger)).toEqual(THIRD);
    expect(await listPolicies(ledger)).toEqual([FIRST, SECOND, THIRD]);
  });
});

describe('who comes too late', () => {
  test('with a first one, and with a next one, changes nothing', async () => {
    const { ledger } = await openTables();
    await savePolicy(ledger, FIRST, undefined);
    const late = aPolicy(1, { hash: 'f'.repeat(32), by: 'role/late' });
    expect(await savePolicy(ledger, late, undefined)).toBe(false);
    await savePolicy(ledger, SECOND, FIRST);
    const before = await itemsOf(ledger);
    expect(await savePolicy(ledger, aPolicy(2, { hash: 'f'.repeat(32) }), FIRST)).toBe(false);
    expect(await itemsOf(ledger)).toEqual(before);
  });

  test('is one of the two that apply at the same time', async () => {
    const { ledger } = await openTables();
    await savePolicy(ledger, FIRST, undefined);
    const both = ['role/a', 'role/b'].map((by) => aPolicy(2, { by, hash: by }));
    const saved = await Promise.all(both.map((it) => savePolicy(ledger, it, FIRST)));
    expect([...saved].sort()).toEqual([false, true]);
    expect(await loadPolicy(ledger)).toEqual(both[saved.indexOf(true)]);
    expect(await listPolicies(ledger)).toHaveLength(2);
  });
});

test('a write whose answer was lost, and is sent again, is no other one’s', async () => {
  const { ledger } = await openTables();
  await savePolicy(ledger, FIRST, undefined);
  await savePolicy(ledger, SECOND, FIRST);
  expect(await savePolicy(ledger, SECOND, FIRST)).toBe(true);
  expect(await listPolicies(ledger)).toEqual([FIRST, SECOND]);
});

test.each([1, 2, 3])('a process that ends at its write number %i loses no version', async (nth) => {
  const { ledger } = await openTables();
  // Ends after the current item, so that the first version has no item of its own yet.
  await expect(savePolicy(dyingAt(ledger, 2), FIRST, undefined)).rejects.toThrow('gone');
  expect(await listPolicies(ledger)).toEqual([FIRST]);
  await expect(savePolicy(dyingAt(ledger, nth), SECOND, FIRST)).rejects.toThrow('gone');
  const holds = (await loadPolicy(ledger)) ?? expect.fail('lost');
  expect(holds).toEqual(nth === 3 ? SECOND : FIRST);
  expect(await listPolicies(ledger)).toEqual(nth === 3 ? [FIRST, SECOND] : [FIRST]);
  expect(await savePolicy(ledger, THIRD, holds)).toBe(true);
  expect(await listPolicies(ledger)).toEqual(nth === 3 ? [FIRST, SECOND, THIRD] : [FIRST, THIRD]);
});

test('one that a later release wrote is refused', async () => {
  const { ledger } = await openTables();
  await savePolicy(ledger, FIRST, undefined);
  const [current] = await itemsOf(ledger);
  await ledger.client.send(
    new PutCommand({ TableName: ledger.name, Item: { ...current, number: 2, form: 2 } }),
  );
  const refusal = 'the policy in the ledger has the form 2: deploy the release that wrote it';
  await expect(loadPolicy(ledger)).rejects.toThrow(refusal);
  await expect(listPolicies(ledger)).rejects.toThrow(refusal);
});
