import { describe, expect, test } from 'vitest';
import { nameOf, timesAt } from '../../../bench/functions/memory-time.ts';
import type { Results } from '../../../bench/functions/results.ts';
import { billedFrom } from '../../simulation/cost-billed.ts';
import { both, costByFunction, costOfMillion, totalUsd, type Use } from '../../simulation/cost-model.ts';
import { costOfMonth } from '../../simulation/cost-month.ts';

const billed = () => ({ seconds: 0.2, gigabytes: 0.25 });
const PUSH: Use = {
  ...{ writeUnits: 7, readUnits: 2, publishes: 0, egressBytes: 0 },
  calls: { 'image-pushed': { messages: 2, logBytes: 700 } },
};
const SCAN: Use = {
  ...{ writeUnits: 6, readUnits: 3, publishes: 1, egressBytes: 500 },
  calls: {
    'scan-completed': { messages: 1, logBytes: 600 },
    'image-pushed': { messages: 1, logBytes: 50 },
  },
};

describe('a million', () => {
  test('costs what each of its rows does', () => {
    const usd = Object.fromEntries(costOfMillion(SCAN, billed).map((row) => [row.what, row.usd]));
    expect(usd.writeUnits).toBeCloseTo(6 * 0.625);
    expect(usd.queueRequests).toBeCloseTo(2 * 3 * 0.4);
    expect(usd.invocations).toBeCloseTo(2 * 0.2);
    expect(usd.gigabyteSeconds).toBeCloseTo(2 * 0.2 * 0.25 * 13.3334);
    // 350 bytes of Lambda's for each call.
    expect(usd.logGigabytes).toBeCloseTo(((650 + 700) / 1000) * 0.5);
    // With 1,500 bytes around it; where nothing leaves there is nothing around.
    expect(usd.egressGigabytes).toBeCloseTo((2000 / 1000) * 0.09);
    expect(costOfMillion(PUSH, billed).find((it) => it.what === 'egressGigabytes')?.usd).toBe(0);
  });

  test('of two costs what both do, function by function', () => {
    const sum = both(PUSH, SCAN);
    expect(sum.calls['image-pushed']).toEqual({ messages: 3, logBytes: 750 });
    const apart = [PUSH, SCAN].map((it) => totalUsd(costByFunction(it, billed)));
    expect(totalUsd(costByFunction(sum, billed))).toBeCloseTo((apart[0] ?? 0) + (apart[1] ?? 0));
    expect(sum.writeUnits).toBe(13);
  });

  test('of functions costs what the rows of queues, time and logs do', () => {
    const shared = ['queueRequests', 'invocations', 'gigabyteSeconds', 'logGigabytes'];
    const rows = costOfMillion(SCAN, billed).filter(({ what }) => shared.includes(what));
    expect(totalUsd(costByFunction(SCAN, billed))).toBeCloseTo(totalUsd(rows));
  });
});

describe('what a call is billed for', () => {
  const [initCpuMs, firstCpuMs, warmCpuMs] = [80, 50, 10];
  const work = {
    ...{ initCpuMs, firstCpuMs, warmCpuMs },
    ...{ initWaitMs: 20, firstWaitMs: 60, warmWaitMs: 60 },
  };
  const results: Results = {
    ...{ schema: 'scan-response.bench/v1', run: 'a', at: '2026-11-22T03:00:00.000Z', commit: '0123456' },
    ...{ node: 'v22.0.0', rounds: 1, notMeasured: [] },
    machine: { cpu: 'some', cores: 2, memoryGiB: 4, kernel: '6', load: 0 },
    samples: [nameOf.cpu('two tags'), nameOf.waits('two tags')].map((what) => ({
      ...{ what, program: 'image-pushed', round: 1, values: work },
    })),
  };
  const scenes = { push: 'two tags', scan: 'nothing new' } as const;

  test.each([0, 0.01, 1])('is a start in %d of them, with the start itself', (coldShare) => {
    const { coldMs, warmMs } = timesAt(work, 128);
    const { seconds, gigabytes } = billedFrom(results, () => 128, scenes, coldShare)('image-pushed');
    expect(gigabytes).toBe(0.125);
    expect(seconds * 1000).toBeCloseTo(coldShare * coldMs + (1 - coldShare) * warmMs);
  });

  test('is unknown where it was not measured', () => {
    expect(() => billedFrom(results, () => 128, scenes)('scan-completed')).toThrow('nothing new: CPU');
  });
});

test('a month without a push is paid for as well', () => {
  const standing = { alarms: 16, metrics: 2, queues: 6, schedules: { heartbeat: 5 } };
  const rows = costOfMonth(standing, billed);
  const usd = (what: RegExp) => rows.find((row) => what.test(row.what))?.usd;
  expect(usd(/asks/)).toBeCloseTo(6 * 5 * 3 * 0.0438 * 0.4);
  expect(usd(/alarms/)).toBeCloseTo(1.6);
  expect(usd(/metrics/)).toBeCloseTo(0.6);
  expect(usd(/heartbeat/)).toBeCloseTo((8760 * 0.2 + 8760 * 0.05 * 13.3334) / 1e6);
});
