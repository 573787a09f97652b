import { UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { type ConformanceCase, refusal } from '../scene.ts';

const INVALID = 'ValidationException';
const ITEM_BYTES = 400 * 1024;

/** An attribute that fills an item of this partition up to so many bytes: names and values count, in UTF-8. */
function filler(pk: string, bytes: number): string {
  const others = 'pk'.length + pk.length + 'sk'.length + 'a'.length + 'data'.length;
  return 'x'.repeat(bytes - others);
}

/** Names that the service writes without an alias. None of them may be one of DynamoDB's reserved words. */
const UNALIASED = [
  ...['kind', 'pushedAt', 'platforms', 'tags', 'tier', 'gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk', 'lastKey'],
  ...['digest', 'op', 'recordedAt', 'scanKey', 'ids', 'readAt', 'leaseUntilMs', 'expiresAt', 'attempts'],
  ...['receipt', 'why', 'unsure', 'completedAt', 'counts'],
];

/** Sizes, names and values, and how they are refused. */
export const limits: readonly ConformanceCase[] = [
  {
    name: 'an item of 400 KB is taken, and not one byte more',
    run: async ({ put, pk }) => [
      await refusal(put({ data: filler(pk, ITEM_BYTES) })),
      await refusal(put({ data: filler(pk, ITEM_BYTES + 1) })),
    ],
    expected: ['accepted', INVALID],
  },
  {
    name: 'bytes count, not characters',
    run: async ({ put }) => refusal(put({ data: 'é'.repeat(ITEM_BYTES / 2) })),
    expected: INVALID,
  },
  {
    name: 'an update cannot make an item larger than 400 KB',
    run: async ({ put, update }) => {
      await put({ data: 'x'.repeat(300_000) });
      return refusal(update('SET more = :more', { ':more': 'x'.repeat(150_000) }));
    },
    expected: INVALID,
  },
  {
    name: 'a partition key holds 2048 bytes, a sort key 1024',
    run: async ({ put }) => [
      await refusal(put({ pk: 'p'.repeat(2048) })),
      await refusal(put({ pk: 'p'.repeat(2049) })),
      await refusal(put({ sk: 's'.repeat(1024) })),
      await refusal(put({ sk: 's'.repeat(1025) })),
    ],
    expected: ['accepted', INVALID, 'accepted', INVALID],
  },
  {
    name: 'a key must not be empty, missing or of another type',
    run: async ({ put }) => [
      await refusal(put({ sk: '' })),
      await refusal(put({ sk: undefined })),
      await refusal(put({ sk: 1 })),
    ],
    expected: [INVALID, INVALID, INVALID],
  },
  {
    name: 'a get must name the whole key and nothing else',
    run: async ({ get, pk }) => [
      await refusal(get('a', { Key: { pk } })),
      await refusal(get('a', { Key: { pk, sk: 'a', more: 'b' } })),
    ],
    expected: [INVALID, INVALID],
  },
  {
    name: 'an empty text that is no key is a value',
    run: async ({ put, get }) => {
      await put({ note: '' });
      return get();
    },
    expected: { sk: 'a', note: '' },
  },
  {
    name: 'bytes that their writer changes afterwards stay as they were written',
    async run({ put, get }) {
      const findings = Buffer.from([1, 2, 3]);
      await put({ findings });
      findings[0] = 9;
      const stored = (await get())?.findings;
      return stored instanceof Uint8Array && [...stored];
    },
    expected: [1, 2, 3],
  },
  {
    name: 'compressed bytes come back as they were',
    run: async ({ put, get }) => {
      await put({ findings: Uint8Array.from({ length: 256 }, (_, byte) => byte) });
      const { findings } = (await get()) ?? {};
      return findings instanceof Uint8Array && [...findings];
    },
    expected: Array.from({ length: 256 }, (_, byte) => byte),
  },
  {
    name: 'lists and maps in one another come back as they were',
    run: async ({ put, get }) => {
      await put({ platforms: [{ digest: 'x', platform: null, seen: [true, -1.5, ''] }, []] });
      return get();
    },
    expected: { sk: 'a', platforms: [{ digest: 'x', platform: null, seen: [true, -1.5, ''] }, []] },
  },
  {
    name: 'times in milliseconds and decimals keep every digit',
    run: async ({ put, get }) => {
      await put({ at: 1_795_000_000_123, score: 9.8, tiny: 1e-20 });
      return get();
    },
    expected: { sk: 'a', at: 1_795_000_000_123, score: 9.8, tiny: 1e-20 },
  },
  {
    name: 'reserved words need an alias, wherever they stand',
    run: async ({ update }) => {
      const words = ['state', 'token', 'type', 'owner', 'missing'];
      const taken: string[] = [];
      for (const word of words) {
        const ends = [
          await refusal(update(`SET ${word} = :it`, { ':it': 1 })),
          await refusal(update(`REMOVE ${word}`)),
          await refusal(update('SET a = :it', { ':it': 1 }, { ConditionExpression: `${word} <> :it` })),
        ];
        if (ends.some((end) => end !== INVALID)) taken.push(word);
      }
      return taken;
    },
    expected: [],
  },
  {
    name: 'what the service writes without an alias is not reserved',
    run: async ({ update }) => {
      const refused: string[] = [];
      for (const name of UNALIASED)
        if ((await refusal(update(`SET ${name} = :it`, { ':it': 'x' }))) !== 'accepted') refused.push(name);
      return refused;
    },
    expected: [],
  },
  {
    name: 'a value or a name that no expression uses is refused, and so is one that is not given',
    run: async ({ update }) => [
      await refusal(update('SET a = :a', { ':a': 1, ':b': 2 })),
      await refusal(update('SET a = :a', { ':a': 1 }, { ExpressionAttributeNames: { '#b': 'b' } })),
      await refusal(update('SET a = :b', { ':a': 1 })),
      await refusal(update('SET #a = :a', { ':a': 1 })),
    ],
    expected: [INVALID, INVALID, INVALID, INVALID],
  },
  {
    name: 'an expression that cannot be read is refused',
    run: async ({ put, update }) => [
      await refusal(put({}, { ConditionExpression: 'attribute_not_exists(pk' })),
      await refusal(put({}, { ConditionExpression: '' })),
      await refusal(put({}, { ConditionExpression: 'is_there(pk)' })),
      await refusal(update('PUT a = :a', { ':a': 1 })),
    ],
    expected: [INVALID, INVALID, INVALID, INVALID],
  },
  {
    name: 'a table that is not there',
    run: async ({ put, get, query }) => [
      await refusal(put({}, { TableName: 'conformance-nowhere' })),
      await refusal(get('a', { TableName: 'conformance-nowhere' })),
      await refusal(query({ TableName: 'conformance-nowhere' })),
    ],
    expected: Array.from({ length: 3 }, () => 'ResourceNotFoundException'),
  },
  {
    name: 'the ledger’s time to live can be switched on',
    run: async ({ database: { client, ledger } }) => {
      const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
      return refusal(
        client.send(new UpdateTimeToLiveCommand({ TableName: ledger.name, TimeToLiveSpecification })),
      );
    },
    expected: 'accepted',
  },
];
