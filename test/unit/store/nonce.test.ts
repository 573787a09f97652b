import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { takeNonce } from '../../../lib/store/nonce.ts';
import { openTables } from '../../doubles/dynamodb.ts';

const SIGNATURE = `v0=${'a'.repeat(64)}`;

test('one of many takes it, and a write that was sent twice finds itself', async () => {
  const { ledger } = await openTables();
  const tokens = Array.from({ length: 20 }, (_, index) => `token-${index}`);
  const taken = await Promise.all(tokens.map((token) => takeNonce(ledger, SIGNATURE, 1_763_780_000, token)));
  expect(taken.filter(Boolean)).toHaveLength(1);
  const winner = tokens[taken.indexOf(true)] ?? '';
  expect(await takeNonce(ledger, SIGNATURE, 1_763_780_000, winner)).toBe(true);
  expect(await takeNonce(ledger, SIGNATURE, 1_763_780_000, 'another')).toBe(false);
  expect(await takeNonce(ledger, `v0=${'b'.repeat(64)}`, 1_763_780_000, 'another')).toBe(true);
});

test('it is forgotten when the request is too old by itself', async () => {
  const { ledger } = await openTables();
  await takeNonce(ledger, SIGNATURE, 1_763_780_000, 'token');
  const { Items = [] } = await ledger.client.send(new ScanCommand({ TableName: ledger.name }));
  expect(Items).toEqual([
    { pk: `NONCE#${SIGNATURE}`, sk: 'SLACK', token: 'token', expiresAt: 1_763_783_600 },
  ]);
});
