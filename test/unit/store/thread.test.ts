import { expect, test } from 'vitest';
import type { Thread } from '../../../lib/delivery/thread.ts';
import { parseInstant } from '../../../lib/instant.ts';
import { closeThread, findThreads, openThread } from '../../../lib/store/thread.ts';
import { aRepository } from '../../build/lineage.ts';
import { itemsOf, openTables } from '../../doubles/dynamodb.ts';

const CHANNEL = 'C0123456789';
const repository = aRepository();
const aThread = (overrides: Partial<Thread> = {}): Thread => ({
  reference: 'latest',
  ts: '1763690000.000100',
  isOpen: true,
  openedAt: parseInstant('2026-11-20T02:01:00.000Z'),
  blocks: '[]',
  ...overrides,
});

test('a thread is found by its repository, its reference and its channel', async () => {
  const { ledger } = await openTables();
  await openThread(ledger, repository, CHANNEL, aThread());
  expect(await findThreads(ledger, repository, ['main', 'latest'], CHANNEL)).toEqual([aThread()]);
  expect(await findThreads(ledger, repository, ['latest'], 'C9999999999')).toEqual([]);
  expect(await findThreads(ledger, aRepository({ name: 'web/shop' }), ['latest'], CHANNEL)).toEqual([]);
  const [item] = await itemsOf(ledger);
  expect(item).toMatchObject({ sk: `THREAD#${CHANNEL}#latest`, expiresAt: 1_810_692_060 });
});

test('one that is open keeps its place, unless it is the one that is gone', async () => {
  const { ledger } = await openTables();
  const other = aThread({ ts: '1763690001.000100' });
  await openThread(ledger, repository, CHANNEL, aThread());
  await openThread(ledger, repository, CHANNEL, other);
  expect(await findThreads(ledger, repository, ['latest'], CHANNEL)).toEqual([aThread()]);
  await openThread(ledger, repository, CHANNEL, other, aThread().ts);
  expect(await findThreads(ledger, repository, ['latest'], CHANNEL)).toEqual([other]);
});

test('one that was ended makes room, and an end that comes late ends no other', async () => {
  const { ledger } = await openTables();
  const other = aThread({ ts: '1763690001.000100' });
  await openThread(ledger, repository, CHANNEL, aThread());
  await closeThread(ledger, repository, CHANNEL, aThread());
  expect(await findThreads(ledger, repository, ['latest'], CHANNEL)).toEqual([aThread({ isOpen: false })]);
  await openThread(ledger, repository, CHANNEL, other);
  await closeThread(ledger, repository, CHANNEL, aThread());
  expect(await findThreads(ledger, repository, ['latest'], CHANNEL)).toEqual([other]);
});

test('opening and ending cost a write each, and twice is once', async () => {
  const { ledger, requests } = await openTables();
  requests.splice(0);
  await openThread(ledger, repository, CHANNEL, aThread());
  await openThread(ledger, repository, CHANNEL, aThread());
  await closeThread(ledger, repository, CHANNEL, aThread());
  expect(requests).toEqual(Array(3).fill('UpdateItemCommand'));
});
