import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Claim,
  type DeliveryState,
  doubtOf,
  LEASE_SECONDS,
  type LedgerItem,
  mayClaim,
} from '../../../lib/delivery/state.ts';
import { claim, settle } from '../../../lib/store/ledger.ts';
import type { Table } from '../../../lib/store/table.ts';
import { aNotice } from '../../build/notice.ts';
import { startTables, type Tables } from '../../doubles/dynamodb.ts';
import { assignments, condition } from './expression.ts';
import { memoryTable, tableOver } from './memory-table.ts';
import { type Random, randomFrom } from './random.ts';

const STATES: readonly DeliveryState[] = ['SENDING', 'SENT', 'RETRY', 'UNSURE', 'HELD', 'DEAD'];
const LEASE_MS = LEASE_SECONDS * 1000;

let tables: Tables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables?.close());

/** A walk of claims and settlements, the same for the same seed, in words that do not name random tokens. */
async function walk(table: Table, random: Random, key: string, steps: number): Promise<readonly string[]> {
  const notice = aNotice({ key });
  const tokens = ['nobody'];
  const told: string[] = [];
  let nowMs = 1_000_000;
  for (let step = 0; step < steps; step++) {
    nowMs += random.below(LEASE_MS);
    const token = random.oneOf(tokens);
    if (random.chance(0.5)) {
      const got = await claim(table, notice, 'slack', nowMs, random.oneOf([undefined, token]));
      if (got.state === 'claimed') tokens.push(got.token);
      told.push(inWords(got, tokens));
    } else {
      const state = random.oneOf(STATES.filter((it) => it !== 'SENDING'));
      await settle(table, notice, 'slack', token, { state, possibleRepeat: random.chance(0.3) });
    }
  }
  return told;
}

function inWords(got: Claim, tokens: readonly string[]): string {
  if (got.state === 'claimed') return `claimed, doubt ${got.doubt}`;
  return got.state === 'on-hold' ? `on hold until ${tokens.indexOf(got.release)}` : got.state;
}

/** Claims an item in memory that is as it is told. */
async function claimOf(past: LedgerItem, nowMs: number, release: string | undefined): Promise<Claim> {
  const memory = memoryTable();
  const table = tableOver(async (command) => memory.apply(command));
  await claim(table, aNotice(), 'slack', 0);
  for (const [key, item] of memory.items) memory.items.set(key, { ...item, ...past });
  return claim(table, aNotice(), 'slack', nowMs, release);
}

const EVERY_ITEM: readonly LedgerItem[] = STATES.flatMap((state) =>
  [99, 100, 101].flatMap((leaseUntilMs) =>
    [false, true].map((unsure) => ({ state, leaseUntilMs, unsure, token: 'token-1' })),
  ),
);

describe('the ledger in memory', () => {
  test('gives the same answers as a DynamoDB, on 30 walks of 12 steps', async () => {
    for (let seed = 0; seed < 30; seed++) {
      const inMemory = tableOver(async (command) => memory.apply(command));
      const memory = memoryTable();
      const answers = await walk(inMemory, randomFrom(seed), `walk-${seed}`, 12);
      expect(answers).toEqual(await walk(tables.ledger, randomFrom(seed), `walk-${seed}`, 12));
    }
  });

  test.each(EVERY_ITEM)('claims %j as the state machine says', async (past) => {
    for (const release of [undefined, 'token-1', 'token-0']) {
      const got = await claimOf(past, 100, release);
      const expected = mayClaim(past, 100, release) ? doubtOf(past, release) : 'no claim';
      expect(got.state === 'claimed' ? got.doubt : 'no claim').toBe(expected);
    }
  });

  test('refuses grammar that it does not know', () => {
    expect(() => condition('size(a) > :b')(undefined, { names: {}, values: {} })).toThrow('this table');
    expect(() => assignments('REMOVE a')).toThrow('this table');
  });
});
