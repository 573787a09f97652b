import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/image/digest.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import type { TagEvent } from '../../../lib/image/tag-event.ts';
import type { Instant } from '../../../lib/instant.ts';
import { repositoryPartition } from '../../../lib/store/keys.ts';
import type { Table } from '../../../lib/store/table.ts';
import { loadHistory, loadNextEvent, saveTagEvent } from '../../../lib/store/tag-history.ts';
import { aDigest, aRepository, aTagEvent, aTagName, at } from '../../build/lineage.ts';
import { itemsOf, openTables } from '../../doubles/dynamodb.ts';

const [A, B, C] = ['a', 'b', 'c'].map(aDigest) as [Digest, Digest, Digest];
const name = aTagName();
const first = aTagEvent('01:00', A);
const second = aTagEvent('02:00', B);
const third = aTagEvent('03:00', C);

async function historyOf(...events: readonly TagEvent[]) {
  const tables = await openTables();
  for (const event of events) await saveTagEvent(tables.lineage, name, event);
  return tables;
}

/** What the head of the tag points to. */
async function headOf(lineage: Table) {
  const items = await itemsOf(lineage);
  const key = { pk: repositoryPartition(name.repository), sk: `TAG#${name.tag}` };
  return items.find(({ pk, sk }) => pk === key.pk && sk === key.sk)?.digest;
}

describe('as of an instant', () => {
  const beginning = '0001-01-01T00:00:00.000Z' as Instant;

  test.each<[string, Instant, TagEvent | undefined, TagEvent | undefined]>([
    ['the beginning of time', beginning, undefined, first],
    ['just before the first push', at('00:59:59.999'), undefined, first],
    ['exactly on a push', at('01:00'), first, second],
    ['between two pushes', at('01:30'), first, second],
    ['just before the second', at('01:59:59.999'), first, second],
    ['exactly on the second', at('02:00'), second, third],
    ['after the last', at('23:00'), third, undefined],
  ])('%s', async (_what, instant, current, next) => {
    const { lineage } = await historyOf(third, first, second);
    expect(await loadHistory(lineage, name, { at: instant, limit: 1 })).toEqual(current ? [current] : []);
    expect(await loadNextEvent(lineage, name, instant)).toEqual(next);
  });

  test('a fraction of a second sorts where it belongs', async () => {
    const late = aTagEvent('02:00:00.001', A);
    const { lineage } = await historyOf(second, late);
    expect(await loadHistory(lineage, name, { at: at('02:00'), limit: 9 })).toEqual([second]);
    expect(await loadNextEvent(lineage, name, at('02:00'))).toEqual(late);
  });
});

test('the history is newest first, and as long as asked', async () => {
  const { lineage } = await historyOf(second, third, first);
  expect(await loadHistory(lineage, name, { at: at('23:00'), limit: 9 })).toEqual([third, second, first]);
  expect(await loadHistory(lineage, name, { at: at('23:00'), limit: 2 })).toEqual([third, second]);
});

test('a tag of the same beginning, or in another repository, is another tag', async () => {
  const { lineage } = await openTables();
  const others = [
    aTagName({ tag: parseTag('latest-arm') }),
    aTagName({ repository: aRepository({ name: 'demo-api/latest' }) }),
    aTagName({ repository: aRepository({ region: 'eu-west-2' }) }),
    aTagName({ repository: aRepository({ account: '444455556666' }) }),
  ];
  for (const other of others) await saveTagEvent(lineage, other, first);
  expect(await loadHistory(lineage, name, { at: at('23:00'), limit: 9 })).toEqual([]);
  expect(await headOf(lineage)).toBeUndefined();
});

test('two events in the same second are both kept', async () => {
  const one = aTagEvent('01:00', A, 'one');
  const two = aTagEvent('01:00', B, 'two');
  const { lineage } = await historyOf(two, one);
  expect(await loadHistory(lineage, name, { at: at('01:00'), limit: 9 })).toEqual([two, one]);
  expect(await loadNextEvent(lineage, name, at('00:59'))).toEqual(one);
  expect(await headOf(lineage)).toBe(B);
});

describe('the head', () => {
  test('moves forward', async () => {
    const { lineage } = await historyOf(first);
    expect(await headOf(lineage)).toBe(A);
    await saveTagEvent(lineage, name, second);
    expect(await headOf(lineage)).toBe(B);
  });

  test('stays when an older event comes late, which the history keeps', async () => {
    const { lineage } = await historyOf(first, third, second);
    expect(await headOf(lineage)).toBe(C);
    expect(await loadHistory(lineage, name, { at: at('02:30'), limit: 1 })).toEqual([second]);
  });

  test('is nothing after a delete, and something again after the next push', async () => {
    const gone = aTagEvent('02:30', undefined);
    const { lineage } = await historyOf(first, gone);
    expect(await headOf(lineage)).toBeUndefined();
    expect(await loadHistory(lineage, name, { at: at('02:45'), limit: 1 })).toEqual([gone]);
    await saveTagEvent(lineage, name, third);
    expect(await headOf(lineage)).toBe(C);
  });

  test('does not come back when the push arrives after the delete that followed it', async () => {
    const { lineage } = await historyOf(aTagEvent('02:30', undefined), second);
    expect(await headOf(lineage)).toBeUndefined();
  });
});

test('the same event again, even recorded later, writes nothing', async () => {
  const gone = aTagEvent('02:30', undefined);
  const events = [first, second, gone, third];
  const { lineage } = await historyOf(...events);
  const before = await itemsOf(lineage);
  for (const event of [...events].reverse()) {
    await saveTagEvent(lineage, name, { ...event, recordedAt: at('23:59:59.999') });
  }
  expect(await itemsOf(lineage)).toEqual(before);
});

test('every order of the same events ends in the same table', async () => {
  const events = [first, second, aTagEvent('02:30', undefined), third];
  const orders = permutations(events);
  expect(orders).toHaveLength(24);
  const tables = await openTables();
  const seen = new Set<string>();
  for (const [number, order] of orders.entries()) {
    const repository = aRepository({ name: `order-${10 + number}` });
    for (const event of order) await saveTagEvent(tables.lineage, { ...name, repository }, event);
    const mine = (await itemsOf(tables.lineage)).filter(({ pk }) =>
      String(pk).includes(`#${repository.name}`),
    );
    expect(mine.length).toBe(5);
    seen.add(JSON.stringify(mine).replaceAll(repository.name, 'demo-api'));
  }
  expect(seen.size).toBe(1);
});

test('an event costs two writes and no read', async () => {
  const { lineage, requests } = await openTables();
  await saveTagEvent(lineage, name, first);
  expect(requests).toEqual(['PutItemCommand', 'UpdateItemCommand']);
});

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}
