import { expect, test } from 'vitest';
import { once, onceEach } from '../../lib/once.ts';

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
