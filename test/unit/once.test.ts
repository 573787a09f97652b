import { expect, test } from 'vitest';
import { once, onceEach, onceWithin } from '../../lib/once.ts';

test('makes nothing before the first use, and then the same for ever', () => {
  let made = 0;
  const get = once(() => {
    made += 1;
    return { made };
  });
  expect(made).toBe(0);
  expect(get()).toBe(get());
  expect(made).toBe(1);
});

test('keeps undefined too', () => {
  let made = 0;
  const get = once(() => {
    made += 1;
  });
  get();
  get();
  expect(made).toBe(1);
});

test('tries again after a failure', () => {
  let tries = 0;
  const get = once(() => {
    tries += 1;
    if (tries === 1) throw new Error('not yet');
    return 'made';
  });
  expect(get).toThrow('not yet');
  expect(get()).toBe('made');
});

test('once for each key, and again where it failed', async () => {
  const acts: string[] = [];
  let broken = true;
  const act = onceEach(
    (it: string) => it,
    async (it) => {
      acts.push(it);
      if (it === 'b' && broken) throw new Error('not yet');
    },
  );
  await act('a');
  await act('a');
  await expect(act('b')).rejects.toThrow('not yet');
  broken = false;
  await act('b');
  await act('b');
  expect(acts).toEqual(['a', 'b', 'b']);
});

test('once for each key within a time, together and one after the other', async () => {
  const acts: string[] = [];
  let nowMs = 0;
  const act = onceWithin(
    5_000,
    (key: string) => key,
    async (key: string, by: string) => void acts.push(`${key} ${by}`),
    () => nowMs,
  );
  await Promise.all([act('a', '1'), act('a', '2'), act('b', '3')]);
  nowMs = 4_999;
  await act('a', '4');
  nowMs = 5_000;
  await act('a', '5');
  expect(acts).toEqual(['a 1', 'b 3', 'a 5']);
});

test('at once again after a failure, which all hear of who asked together', async () => {
  let tries = 0;
  const act = onceWithin(
    5_000,
    (key: string) => key,
    async (_: string) => {
      tries += 1;
      if (tries === 1) throw new Error('not sent');
    },
  );
  const outcomes = await Promise.allSettled([act('a'), act('a')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await act('a');
  expect(tries).toBe(2);
});
