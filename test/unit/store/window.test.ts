import { describe, expect, test } from 'vitest';
import { countInWindow } from '../../../lib/store/window.ts';
import { itemsOf, openTables } from '../../doubles/dynamodb.ts';

const START = new Date('2026-11-20T03:10:00Z');
const NEXT = new Date('2026-11-20T03:11:00Z');

describe('the messages of a window', () => {
  test('are counted while there is room, and a refusal counts nothing', async () => {
    const { ledger } = await openTables();
    expect(await countInWindow(ledger, 'slack', START, 3, 5)).toBe(3);
    expect(await countInWindow(ledger, 'slack', START, 3, 5)).toBeUndefined();
    expect(await countInWindow(ledger, 'slack', START, 2, 5)).toBe(5);
    expect(await countInWindow(ledger, 'slack', START, 1, 5)).toBeUndefined();
    expect(await countInWindow(ledger, 'slack', START, 1, 60)).toBe(6);
  });

  test('are those of one window and one sink, and end by themselves', async () => {
    const { ledger } = await openTables();
    await countInWindow(ledger, 'slack', START, 5, 5);
    expect(await countInWindow(ledger, 'slack', NEXT, 5, 5)).toBe(5);
    expect(await countInWindow(ledger, 'sns', START, 1, 5)).toBe(1);
    const items = await itemsOf(ledger);
    expect(items.map(({ pk, sk, messages }) => [pk, sk, messages])).toEqual([
      ['WINDOW#slack', '2026-11-20T03:10:00.000Z', 5],
      ['WINDOW#slack', '2026-11-20T03:11:00.000Z', 5],
      ['WINDOW#sns', '2026-11-20T03:10:00.000Z', 1],
    ]);
    expect(items[0]?.expiresAt).toBe(START.getTime() / 1000 + 7 * 86_400);
  });

  test('are never more than there is room for, whoever counts at once', async () => {
    const { ledger } = await openTables();
    const counts = await Promise.all(
      Array.from({ length: 12 }, () => countInWindow(ledger, 'slack', START, 1, 5)),
    );
    expect(counts.filter((it) => it !== undefined).sort()).toEqual([1, 2, 3, 4, 5]);
  });

  test('are those of one channel', async () => {
    const { ledger } = await openTables();
    await countInWindow(ledger, 'slack', START, 5, 5, 'C0123456789');
    expect(await countInWindow(ledger, 'slack', START, 5, 5)).toBe(5);
    expect((await itemsOf(ledger)).map(({ pk }) => pk)).toEqual(['WINDOW#slack', 'WINDOW#slack#C0123456789']);
  });

  test('cost one write', async () => {
    const { ledger, requests } = await openTables();
    requests.splice(0);
    await countInWindow(ledger, 'slack', START, 1, 5);
    expect(requests).toEqual(['UpdateItemCommand']);
  });
});
