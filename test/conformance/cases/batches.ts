import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type ConformanceCase, refusal, type Scene } from '../scene.ts';

const INVALID = 'ValidationException';

/** Puts items into the partition of a case in one request. */
function putTogether({ database, pk }: Scene, items: readonly { readonly sk: string }[]): Promise<object> {
  const { client, name } = database.ledger;
  const requests = items.map((item) => ({ PutRequest: { Item: { pk, ...item } } }));
  return client.send(new BatchWriteCommand({ RequestItems: { [name]: requests } }));
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => ({ sk: `n${n}` }));

/** Several items in one request, each of which is always the same: where something was found. */
export const batches: readonly ConformanceCase[] = [
  {
    name: 'a batch of puts writes over what is there, whole items',
    run: async (scene) => {
      await scene.put({ sk: 'a', old: true });
      await putTogether(scene, [{ sk: 'a' }, { sk: 'b' }]);
      return (await scene.query()).items;
    },
    expected: [{ sk: 'a' }, { sk: 'b' }],
  },
  {
    name: 'a batch holds 25 items and none of them twice',
    run: async (scene) => [
      await refusal(putTogether(scene, numbered(25))),
      await refusal(putTogether(scene, numbered(26))),
      await refusal(putTogether(scene, [{ sk: 'a' }, { sk: 'a' }])),
    ],
    expected: ['accepted', INVALID, INVALID],
  },
];
