import { allPages, type ConformanceCase, type Partition, refusal } from '../scene.ts';

const INVALID = 'ValidationException';

/** A query of an index by the scene's own name. */
const byDigest = { IndexName: 'by-digest', KeyConditionExpression: 'gsi1pk = :pk' };
const byCommit = { IndexName: 'by-commit', KeyConditionExpression: 'gsi2pk = :pk' };

async function point({ put }: Partition, sk: string, gsi1pk: string, gsi1sk: string): Promise<void> {
  await put({ sk, gsi1pk, gsi1sk, op: 'push', digest: 'x' });
}

/** The two global secondary indexes of the lineage. */
export const indexes: readonly ConformanceCase[] = [
  {
    name: 'an index holds the items that have its keys, sorted by its own sort key',
    run: async ({ lineage, pk }) => {
      await lineage.put({ sk: 'without' });
      await lineage.put({ sk: 'half', gsi1pk: pk });
      await point(lineage, 'a', pk, '2');
      await point(lineage, 'b', pk, '1');
      return (await lineage.query(byDigest)).sks;
    },
    expected: ['b', 'a'],
  },
  {
    name: 'an INCLUDE projection gives the named attributes, the index’s keys and the table’s',
    run: async ({ lineage, pk }) => {
      await point(lineage, 'a', pk, '1');
      return (await lineage.query(byDigest)).items.map((item) => Object.keys(item).sort());
    },
    expected: [['gsi1pk', 'gsi1sk', 'op', 'sk']],
  },
  {
    name: 'an index with an INCLUDE projection cannot give all attributes',
    run: async ({ lineage }) => refusal(lineage.query({ ...byDigest, Select: 'ALL_ATTRIBUTES' })),
    expected: INVALID,
  },
  {
    name: 'an update moves an item in the index, REMOVE of a key takes it out',
    run: async ({ lineage, pk }) => {
      await point(lineage, 'a', pk, '1');
      await lineage.update('SET gsi1sk = :to', { ':to': '9' });
      const moved = (await lineage.query(byDigest)).items.map(({ gsi1sk }) => gsi1sk);
      await lineage.update('REMOVE gsi1pk');
      return [moved, (await lineage.query(byDigest)).items];
    },
    expected: [['9'], []],
  },
  {
    name: 'items with the same keys in an index are all there, page by page',
    run: async ({ lineage, pk }) => {
      for (const sk of ['a', 'b', 'c']) await point(lineage, sk, pk, 'same');
      const pages = await allPages(lineage, { ...byDigest, Limit: 1 });
      return pages.flatMap(({ sks }) => sks).sort();
    },
    expected: ['a', 'b', 'c'],
  },
  {
    name: 'a page of an index goes on from the keys of the table and of the index',
    run: async ({ lineage, pk }) => {
      for (const sk of ['a', 'b']) await point(lineage, sk, pk, sk);
      const { next } = await lineage.query({ ...byDigest, Limit: 1 });
      return Object.keys(next ?? {}).sort();
    },
    expected: ['gsi1pk', 'gsi1sk', 'pk', 'sk'],
  },
  {
    name: 'a commit is found by how it begins',
    run: async ({ lineage, pk }) => {
      for (const commit of ['abcd1', 'abcd2', 'abce1'])
        await lineage.put({ sk: commit, gsi2pk: pk, gsi2sk: `${commit}#at` });
      const condition = 'gsi2pk = :pk AND begins_with(gsi2sk, :start)';
      return (await lineage.query({ ...byCommit, KeyConditionExpression: condition }, { ':start': 'abcd' }))
        .sks;
    },
    expected: ['abcd1', 'abcd2'],
  },
  {
    name: 'an index cannot be read consistently',
    run: async ({ lineage }) => refusal(lineage.query({ ...byDigest, ConsistentRead: true })),
    expected: INVALID,
  },
  {
    name: 'a key of an index must have its type',
    run: async ({ lineage, pk }) => [
      await refusal(lineage.put({ gsi1pk: 1, gsi1sk: 'a' })),
      await refusal(lineage.put({ gsi1pk: pk, gsi1sk: null })),
      await refusal(lineage.update('SET gsi1pk = :number', { ':number': 1 })),
    ],
    expected: [INVALID, INVALID, INVALID],
  },
  {
    name: 'a key of an index must not be empty',
    run: async ({ lineage }) => refusal(lineage.put({ gsi1pk: '', gsi1sk: 'a' })),
    expected: INVALID,
  },
];
