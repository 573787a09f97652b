import { allPages, type ConformanceCase, type Partition, refusal } from '../scene.ts';

const INVALID = 'ValidationException';

async function putAll({ put }: Partition, sks: readonly string[]): Promise<void> {
  for (const sk of sks) await put({ sk });
}

const between = { KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to' };
const begins = { KeyConditionExpression: 'pk = :pk AND begins_with(sk, :start)' };

/** Reading one partition. */
export const queries: readonly ConformanceCase[] = [
  {
    name: 'get of what is not there gives no item',
    run: async ({ get }) => get('missing', { ConsistentRead: true }),
    expected: undefined,
  },
  {
    name: 'a consistent get sees the write before it',
    run: async ({ put, get }) => {
      await put({ by: 1 });
      return get('a', { ConsistentRead: true });
    },
    expected: { sk: 'a', by: 1 },
  },
  {
    name: 'begins_with takes the prefix and nothing beside it',
    run: async (scene) => {
      await putAll(scene, ['PARENT', 'PARENT#', 'PARENT#1', 'PARENTS#2', 'parent#3', 'AT#1']);
      return (await scene.query(begins, { ':start': 'PARENT#' })).sks;
    },
    expected: ['PARENT#', 'PARENT#1'],
  },
  {
    name: 'BETWEEN holds both its ends',
    run: async (scene) => {
      await putAll(scene, ['E#1', 'E#1#x', 'E#2', 'E#3', 'E#3#x']);
      return (await scene.query(between, { ':from': 'E#1', ':to': 'E#3' })).sks;
    },
    expected: ['E#1', 'E#1#x', 'E#2', 'E#3'],
  },
  {
    name: 'BETWEEN of one value is that value',
    run: async (scene) => {
      await putAll(scene, ['a', 'b']);
      return (await scene.query(between, { ':from': 'a', ':to': 'a' })).sks;
    },
    expected: ['a'],
  },
  {
    name: 'BETWEEN with its ends swapped is refused',
    run: async ({ query }) => refusal(query(between, { ':from': 'b', ':to': 'a' })),
    expected: INVALID,
  },
  {
    name: 'sort keys are in the order of their UTF-8 bytes',
    run: async (scene) => {
      await putAll(scene, ['~', 'Z', 'a', '#', 'é', '\u{1F600}', '～', 'aa']);
      return (await scene.query()).sks;
    },
    expected: ['#', 'Z', 'a', 'aa', '~', 'é', '～', '\u{1F600}'],
  },
  {
    name: 'ScanIndexForward: false is the newest first, and Limit counts from there',
    run: async (scene) => {
      await putAll(scene, ['SCAN#1', 'SCAN#2', 'SCAN#3', 'Z']);
      const newest = { ...begins, ScanIndexForward: false, Limit: 2 };
      return (await scene.query(newest, { ':start': 'SCAN#' })).sks;
    },
    expected: ['SCAN#3', 'SCAN#2'],
  },
  {
    name: 'pages of two hold every item once, forwards and backwards',
    run: async (scene) => {
      await putAll(scene, ['1', '2', '3', '4', '5']);
      const sksOf = async (ScanIndexForward: boolean) =>
        (await allPages(scene, { Limit: 2, ScanIndexForward })).flatMap(({ sks }) => sks);
      return [await sksOf(true), await sksOf(false)];
    },
    expected: [
      ['1', '2', '3', '4', '5'],
      ['5', '4', '3', '2', '1'],
    ],
  },
  {
    name: 'a page that Limit ended names its last item; a page that ended by itself does not',
    run: async (scene) => {
      await putAll(scene, ['1', '2', '3']);
      return [(await scene.query({ Limit: 2 })).next?.sk, (await scene.query()).next];
    },
    expected: ['2', undefined],
  },
  {
    name: 'the next page begins after its start, also when that item is gone or never was',
    run: async (scene) => {
      await putAll(scene, ['1', '3']);
      return (await scene.query({ ExclusiveStartKey: { pk: scene.pk, sk: '2' } })).sks;
    },
    expected: ['3'],
  },
  {
    name: 'a start key of another partition is refused',
    run: async ({ query }) => refusal(query({ ExclusiveStartKey: { pk: 'another', sk: '2' } })),
    expected: INVALID,
  },
  {
    name: 'a filter comes after Limit: read two, keep one',
    run: async (scene) => {
      for (const sk of ['1', '2', '3']) await scene.put({ sk, odd: sk !== '2' });
      const filter = { FilterExpression: 'odd = :true', Limit: 2 };
      const { sks, count, scanned } = await scene.query(filter, { ':true': true });
      return [sks, count, scanned];
    },
    expected: [['1'], 1, 2],
  },
  {
    name: 'a projection gives what it names, through its aliases, and leaves out what is not there',
    run: async (scene) => {
      await scene.put({ type: 'basic', counts: { CRITICAL: 1 }, findings: new Uint8Array([1]) });
      const { items } = await scene.query({
        ProjectionExpression: '#type, counts, platforms',
        ExpressionAttributeNames: { '#type': 'type' },
      });
      return items;
    },
    expected: [{ type: 'basic', counts: { CRITICAL: 1 } }],
  },
  {
    name: 'Select COUNT gives the number alone',
    run: async (scene) => {
      await putAll(scene, ['1', '2']);
      const { items, count } = await scene.query({ Select: 'COUNT' });
      return [items, count];
    },
    expected: [[], 2],
  },
  {
    name: 'Limit 0 is refused',
    run: async ({ query }) => refusal(query({ Limit: 0 })),
    expected: INVALID,
  },
  {
    name: 'a query needs its partition, by equality',
    run: async ({ query }) => [
      await refusal(query({ KeyConditionExpression: 'sk = :pk' })),
      await refusal(query({ KeyConditionExpression: 'pk > :pk' })),
      await refusal(query({ KeyConditionExpression: 'pk = :pk AND contains(sk, :pk)' })),
    ],
    expected: [INVALID, INVALID, INVALID],
  },
  {
    name: 'a filter on a key is refused',
    run: async ({ query }) => refusal(query({ FilterExpression: 'sk = :a' }, { ':a': 'a' })),
    expected: INVALID,
  },
  {
    name: 'a query ends after 1 MB',
    run: async (scene) => {
      for (const sk of ['1', '2', '3', '4', '5']) await scene.put({ sk, data: 'x'.repeat(300_000) });
      const pages = await allPages(scene, {});
      return [pages.length > 1, pages.flatMap(({ sks }) => sks)];
    },
    expected: [true, ['1', '2', '3', '4', '5']],
  },
];
