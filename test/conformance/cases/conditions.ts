import { type ConformanceCase, refusal, type Scene } from '../scene.ts';

const FAILED = 'ConditionalCheckFailedException';
const CLAIM =
  'attribute_not_exists(pk) OR #state IN (:retry, :dead) OR (#state = :sending AND leaseUntilMs < :now)';

const ifAbsent = { ConditionExpression: 'attribute_not_exists(pk)' };

/** How a conditional update of an item with these attributes ends. */
async function updateIf(
  { put, update }: Scene,
  item: object,
  ConditionExpression: string,
  values: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  await put({ ...item });
  return refusal(update('SET touched = :true', { ':true': true, ...values }, { ConditionExpression }));
}

/** How the ledger's claim ends for an item with these attributes; no item when undefined. */
async function claim({ put, update, get }: Scene, item?: object): Promise<unknown> {
  if (item) await put({ ...item });
  const values = { ':sending': 'SENDING', ':retry': 'RETRY', ':dead': 'DEAD', ':now': 100, ':until': 200 };
  const ended = await refusal(
    update('SET #state = :sending, leaseUntilMs = :until', values, {
      ConditionExpression: CLAIM,
      ExpressionAttributeNames: { '#state': 'state' },
    }),
  );
  return [ended, (await get())?.leaseUntilMs];
}

/** Conditional writes of one item: every write of the service that could take something away is one. */
export const conditions: readonly ConformanceCase[] = [
  {
    name: 'put if absent: the first wins, the second is refused and changes nothing',
    run: async ({ put, get }) => [
      await refusal(put({ by: 1 }, ifAbsent)),
      await refusal(put({ by: 2 }, ifAbsent)),
      (await get())?.by,
    ],
    expected: ['accepted', FAILED, 1],
  },
  {
    name: 'put if absent: another sort key of the same partition is another item',
    run: async ({ put }) => [await refusal(put({}, ifAbsent)), await refusal(put({ sk: 'b' }, ifAbsent))],
    expected: ['accepted', 'accepted'],
  },
  {
    name: 'put if absent: of 20 at once exactly one wins',
    run: async ({ put }) => {
      const ends = await Promise.all(Array.from({ length: 20 }, (_, by) => refusal(put({ by }, ifAbsent))));
      return [ends.filter((end) => end === 'accepted').length, ends.filter((end) => end === FAILED).length];
    },
    expected: [1, 19],
  },
  {
    name: 'a refused update creates no item',
    run: async ({ update, get }) => [
      await refusal(update('SET a = :a', { ':a': 1 }, { ConditionExpression: 'attribute_exists(pk)' })),
      await get(),
    ],
    expected: [FAILED, undefined],
  },
  {
    name: 'a refusal is an HTTP 400 without the item',
    run: async ({ put }) => {
      await put({ by: 1 });
      return put({ by: 2 }, ifAbsent).catch(({ $metadata, Item }) => [$metadata.httpStatusCode, Item]);
    },
    expected: [400, undefined],
  },
  {
    name: 'a refusal shows the item when it was asked to',
    run: async ({ put }) => {
      await put({ by: 1 });
      const options = { ...ifAbsent, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
      return put({ by: 2 }, options).catch(({ Item }) => Item?.by);
    },
    expected: { N: '1' },
  },
  {
    name: 'forward only: a text moves to a greater one, not to an equal or a smaller',
    run: async ({ update, get }) => {
      const ends = [];
      for (const to of ['E#2', 'E#3', 'E#3', 'E#1'])
        ends.push(
          await refusal(
            update(
              'SET lastKey = :to',
              { ':to': to },
              {
                ConditionExpression: 'attribute_not_exists(lastKey) OR lastKey < :to',
              },
            ),
          ),
        );
      return [ends, (await get())?.lastKey];
    },
    expected: [['accepted', 'accepted', FAILED, FAILED], 'E#3'],
  },
  {
    name: 'numbers compare as numbers: 9 < 10',
    run: async (scene) => updateIf(scene, { tier: 9 }, 'tier < :tier', { ':tier': 10 }),
    expected: 'accepted',
  },
  {
    name: 'texts compare as texts: "9" > "10"',
    run: async (scene) => updateIf(scene, { tier: '9' }, 'tier < :tier', { ':tier': '10' }),
    expected: FAILED,
  },
  {
    name: 'values of two types are never less or greater',
    run: async (scene) => [
      await updateIf(scene, { tier: 1 }, 'tier < :tier', { ':tier': '2' }),
      await updateIf(scene, { tier: 1 }, 'tier > :tier', { ':tier': '0' }),
    ],
    expected: [FAILED, FAILED],
  },
  {
    name: 'a comparison with an attribute that is not there is false, also when it asks for less',
    run: async (scene) => updateIf(scene, {}, 'leaseUntilMs < :now', { ':now': 5 }),
    expected: FAILED,
  },
  {
    name: '"<>" holds for an attribute that is not there',
    run: async (scene) => updateIf(scene, {}, 'absent <> :it', { ':it': 5 }),
    expected: 'accepted',
  },
  {
    name: 'NOT turns a false comparison with a missing attribute into true',
    run: async (scene) => updateIf(scene, {}, 'NOT absent < :it', { ':it': 5 }),
    expected: 'accepted',
  },
  {
    name: 'AND binds closer than OR',
    run: async (scene) => [
      await updateIf(scene, { a: 1 }, 'a = :one OR a = :two AND a = :three', {
        ':one': 1,
        ':two': 2,
        ':three': 3,
      }),
      await updateIf(scene, { a: 1 }, '(a = :one OR a = :two) AND a = :three', {
        ':one': 1,
        ':two': 2,
        ':three': 3,
      }),
    ],
    expected: ['accepted', FAILED],
  },
  {
    name: 'NULL is a value: the attribute exists',
    run: async (scene) => updateIf(scene, { why: null }, 'attribute_exists(why)'),
    expected: 'accepted',
  },
  {
    name: 'fencing: only the holder of the token settles',
    run: async (scene) => [
      await updateIf(scene, { holder: 'one' }, 'holder = :holder', { ':holder': 'two' }),
      await updateIf(scene, { holder: 'one' }, 'holder = :holder', { ':holder': 'one' }),
    ],
    expected: [FAILED, 'accepted'],
  },
  { name: 'claim: what is not there', run: (scene) => claim(scene), expected: ['accepted', 200] },
  { name: 'claim: RETRY', run: (scene) => claim(scene, { state: 'RETRY' }), expected: ['accepted', 200] },
  { name: 'claim: SENT', run: (scene) => claim(scene, { state: 'SENT' }), expected: [FAILED, undefined] },
  {
    name: 'claim: a lease that ended',
    run: (scene) => claim(scene, { state: 'SENDING', leaseUntilMs: 99 }),
    expected: ['accepted', 200],
  },
  {
    name: 'claim: a lease that ends now is still held',
    run: (scene) => claim(scene, { state: 'SENDING', leaseUntilMs: 100 }),
    expected: [FAILED, 100],
  },
];
