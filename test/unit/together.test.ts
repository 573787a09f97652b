import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { together } from '../../lib/together.ts';

test('gives what each of them gives, in their order', async () => {
  expect(await together([sleep(2, 'late'), 1, Promise.resolve('at once')])).toEqual(['late', 1, 'at once']);
  expect(await together([])).toEqual([]);
});

test('waits for all that was begun, also when one fails before the others', async () => {
  const done: string[] = [];
  const write = async (what: string, ms: number) => {
    await sleep(ms);
    done.push(what);
  };
  const failing = Promise.reject(new Error('refused'));
  await expect(together([write('slow', 10), failing, write('quick', 1)])).rejects.toThrow('refused');
  expect(done).toEqual(['quick', 'slow']);
});

test('throws what failed first in their order, not in time, and just that', async () => {
  const [first, second] = [new Error('the first of them'), new Error('the first in time')];
  const late = sleep(5).then(() => {
    throw first;
  });
  await expect(together([sleep(1), late, Promise.reject(second)])).rejects.toBe(first);
});

test('throws what was thrown, even if that is nothing', async () => {
  await expect(together([Promise.reject(undefined)])).rejects.toBeUndefined();
});
