import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type ConformanceCase, refusal } from '../scene.ts';

const INVALID = 'ValidationException';

/** Update expressions and what they return. */
export const updates: readonly ConformanceCase[] = [
  {
    name: 'an update creates the item that is not there',
    run: async ({ update, get }) => {
      await update('SET kind = :kind', { ':kind': 'image' });
      return get();
    },
    expected: { sk: 'a', kind: 'image' },
  },
  {
    name: 'an update leaves the other attributes alone; a put does not',
    run: async ({ put, update, get }) => {
      await put({ a: 1, b: 1 });
      await update('SET a = :two', { ':two': 2 });
      const updated = await get();
      await put({ a: 3 });
      return [updated, await get()];
    },
    expected: [
      { sk: 'a', a: 2, b: 1 },
      { sk: 'a', a: 3 },
    ],
  },
  {
    name: 'if_not_exists keeps what was there first',
    run: async ({ update, get }) => {
      for (const at of ['02:00', '01:00'])
        await update('SET pushedAt = if_not_exists(pushedAt, :at)', { ':at': at });
      return get();
    },
    expected: { sk: 'a', pushedAt: '02:00' },
  },
  {
    name: 'if_not_exists keeps an empty list and NULL: both exist',
    run: async ({ put, update, get }) => {
      await put({ platforms: [], why: null });
      await update('SET platforms = if_not_exists(platforms, :one), why = if_not_exists(why, :one)', {
        ':one': [1],
      });
      return get();
    },
    expected: { sk: 'a', platforms: [], why: null },
  },
  {
    name: 'ADD makes a set, and joins sets without repeating',
    run: async ({ update, get }) => {
      for (const tags of [
        ['a', 'b'],
        ['b', 'c'],
      ])
        await update('ADD tags :tags', { ':tags': new Set(tags) });
      return get();
    },
    expected: { sk: 'a', tags: ['a', 'b', 'c'] },
  },
  {
    name: 'ADD counts from nothing',
    run: async ({ update }) => {
      await update('ADD attempts :one', { ':one': 1 });
      return update('ADD attempts :one', { ':one': 1 }, { ReturnValues: 'UPDATED_NEW' });
    },
    expected: { attempts: 2 },
  },
  {
    name: 'ADD of 20 at once loses none',
    run: async ({ update, get }) => {
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          update('ADD attempts :one, tags :tag', { ':one': 1, ':tag': new Set([`t${index}`]) }),
        ),
      );
      const item = await get();
      return [item?.attempts, Object.keys(item?.tags ?? {}).length];
    },
    expected: [20, 20],
  },
  {
    name: 'ADD of a list, or of a set to a number, is refused',
    run: async ({ put, update }) => {
      await put({ attempts: 1 });
      return [
        await refusal(update('ADD platforms :list', { ':list': [1] })),
        await refusal(update('ADD attempts :set', { ':set': new Set(['a']) })),
      ];
    },
    expected: [INVALID, INVALID],
  },
  {
    name: 'DELETE takes from a set, and the last element takes the attribute with it',
    run: async ({ put, update, get }) => {
      await put({ tags: new Set(['a', 'b', 'c']) });
      await update('DELETE tags :a', { ':a': new Set(['a', 'x']) });
      const left = await get();
      await update('DELETE tags :rest', { ':rest': new Set(['b', 'c']) });
      return [left, await get()];
    },
    expected: [{ sk: 'a', tags: ['b', 'c'] }, { sk: 'a' }],
  },
  {
    name: 'an empty set is refused',
    run: ({ database: { client, ledger }, pk }) =>
      refusal(
        client.send(
          new UpdateItemCommand({
            TableName: ledger.name,
            Key: { pk: { S: pk }, sk: { S: 'a' } },
            UpdateExpression: 'ADD tags :none',
            ExpressionAttributeValues: { ':none': { SS: [] } },
          }),
        ),
      ),
    expected: INVALID,
  },
  {
    name: 'REMOVE of what is not there is nothing',
    run: async ({ put, update, get }) => {
      await put({ a: 1 });
      await update('REMOVE absent, a');
      return get();
    },
    expected: { sk: 'a' },
  },
  {
    name: 'SET, REMOVE and ADD in one expression',
    run: async ({ put, update, get }) => {
      await put({ lastKey: 'E#1', digest: 'x', tags: new Set(['a']) });
      await update('SET lastKey = :key REMOVE digest ADD tags :tags', {
        ':key': 'E#2',
        ':tags': new Set(['b']),
      });
      return get();
    },
    expected: { sk: 'a', lastKey: 'E#2', tags: ['a', 'b'] },
  },
  {
    name: 'every right side is read before anything is written',
    run: async ({ put, update, get }) => {
      await put({ one: 1, two: 2 });
      await update('SET one = two, two = one');
      return get();
    },
    expected: { sk: 'a', one: 2, two: 1 },
  },
  {
    name: 'one attribute twice in an expression is refused',
    run: async ({ update }) => [
      await refusal(update('SET a = :one, a = :two', { ':one': 1, ':two': 2 })),
      await refusal(update('SET a = :one REMOVE a', { ':one': 1 })),
    ],
    expected: [INVALID, INVALID],
  },
  {
    name: 'an attribute and what is inside it in one expression are refused',
    run: async ({ put, update }) => {
      await put({ platform: { digest: 1 } });
      return refusal(update('SET platform.digest = :one REMOVE platform', { ':one': 1 }));
    },
    expected: INVALID,
  },
  {
    name: 'a key cannot be updated',
    run: async ({ update }) => refusal(update('SET sk = :b', { ':b': 'b' })),
    expected: INVALID,
  },
  {
    name: 'ALL_OLD of an update: nothing for a new item, then what was there before',
    run: async ({ update }) => {
      const set = (to: string) =>
        update(
          'SET #state = :to',
          { ':to': to },
          {
            ExpressionAttributeNames: { '#state': 'state' },
            ReturnValues: 'ALL_OLD',
          },
        );
      return [await set('SENDING'), await set('SENT')];
    },
    expected: [undefined, { sk: 'a', state: 'SENDING' }],
  },
  {
    name: 'ALL_OLD of a put: what it replaced',
    run: async ({ put }) => [
      await put({ by: 1 }, { ReturnValues: 'ALL_OLD' }),
      await put({ by: 2 }, { ReturnValues: 'ALL_OLD' }),
    ],
    expected: [undefined, { sk: 'a', by: 1 }],
  },
];
