import { describe, expect, test } from 'vitest';
import { chooseMemory, SIZES_MB } from '../../../bench/functions/memory-choice.ts';
import { mostMemory, timesAt, workOf } from '../../../bench/functions/memory-time.ts';
import type { Results } from '../../../bench/functions/results.ts';

const WORK = {
  ...{ initCpuMs: 80, initWaitMs: 20, firstCpuMs: 50, firstWaitMs: 60 },
  ...{ warmCpuMs: 10, warmWaitMs: 60 },
};

describe('the time of an event', () => {
  test('is its waits and its CPU at the share that its memory has', () => {
    expect(timesAt(WORK, 1769).warmMs).toBe(70);
    expect(timesAt(WORK, 1769 / 8).warmMs).toBeCloseTo(60 + 80);
  });

  test('is no shorter above a whole processor', () => {
    expect(timesAt(WORK, 3538)).toEqual(timesAt(WORK, 1769));
  });

  test('has a start, for which the share is not what counts', () => {
    const [small, large] = [timesAt(WORK, 128), timesAt(WORK, 1769)];
    expect(large.coldMs).toBe(120 + 80 + 20 + 60 + 50);
    expect(small.coldMs - large.coldMs).toBeCloseTo(50 * (1769 / 128) - 50);
  });
});

describe('the memory that is chosen', () => {
  const sizes = (coldMsOf: (megabytes: number) => number) =>
    SIZES_MB.map((megabytes) => ({ megabytes, coldMs: coldMsOf(megabytes) }));
  const quick = sizes(() => 100);

  test.each([
    [66, 128], // 66 + 30 of 96
    [67, 192],
    [114, 192],
    [115, 256],
  ])('holds %i MiB and what Lambda takes in three quarters of %i MB', (mostMib, megabytes) => {
    expect(chooseMemory(quick, { mostMib, longestColdMs: 1000 }).megabytes).toBe(megabytes);
  });

  test('is as large as a start needs that people wait for', () => {
    const choice = chooseMemory(
      sizes((mb) => 200_000 / mb),
      { mostMib: 60, longestColdMs: 400 },
    );
    expect(choice).toEqual({ megabytes: 512, why: 'the smallest that starts in 400 ms' });
  });

  test('is within a fifth of the fastest when no size is fast enough', () => {
    const coldMsOf = (mb: number) => 2000 + Math.max(0, 4000 - 8 * mb);
    expect(chooseMemory(sizes(coldMsOf), { mostMib: 60, longestColdMs: 1000 }).megabytes).toBe(512);
  });

  test('is none when nothing holds it', () => {
    expect(() => chooseMemory(quick, { mostMib: 1600, longestColdMs: 1000 })).toThrow('1600 MiB');
  });
});

describe('what was measured', () => {
  const results = (...samples: Results['samples']): Results => ({
    ...{ schema: 'scan-response.bench/v1', run: 'a', at: '2026-11-22T03:00:00.000Z', commit: '0123456' },
    ...{ node: 'v22.0.0', rounds: 2, notMeasured: [], samples },
    machine: { cpu: 'some', cores: 2, memoryGiB: 4, kernel: '6', load: 0 },
  });
  const at = (what: string, round: number, values: Readonly<Record<string, number>>) => ({
    ...{ what, program: 'deliver-sns', round, values },
  });

  test('is the least of the rounds, since others add to a figure and take nothing off', () => {
    const [cpu, waits] = [
      { initCpuMs: 80, firstCpuMs: 50, warmCpuMs: 10 },
      { initWaitMs: 20, firstWaitMs: 60, warmWaitMs: 60 },
    ];
    const measured = results(
      at('one tag: CPU', 1, { ...cpu, warmCpuMs: 14 }),
      at('one tag: CPU', 2, { ...cpu, firstCpuMs: 70 }),
      at('one tag: waits', 1, waits),
    );
    expect(workOf(measured, 'one tag', 'deliver-sns')).toEqual(WORK);
    expect(() => workOf(measured, 'two tags', 'deliver-sns')).toThrow('two tags: CPU of deliver-sns');
  });

  test('is the case that held the most', () => {
    const measured = results(
      at('most memory: a full batch', 1, { peakMiB: 70 }),
      at('most memory: 10,000 findings', 1, { peakMiB: 183 }),
    );
    expect(mostMemory(measured, 'deliver-sns')).toEqual({ mib: 183, of: '10,000 findings' });
    expect(() => mostMemory(measured, 'reconcile')).toThrow('reconcile');
  });
});
