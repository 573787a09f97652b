import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playAlerts } from '../../bench/functions/alert.ts';
import { scanOf } from '../../bench/functions/findings.ts';
import { type Measured, startMeasuring } from '../../bench/functions/measure.ts';
import { startOrigins } from '../../bench/functions/origins.ts';
import { ALERT_PATH, buildOf, type OnAlertPath, programOf } from '../../bench/functions/programs.ts';
import { isOpening, roundTrips } from '../../bench/functions/round-trips.ts';
import { packageService } from '../../local/package.ts';

/**
 * The most that the first event of a process may take, here as on any machine: requests, how many of them wait for
 * each other, and what DynamoDB bills. It is an image that nobody heard of before, with ten findings of which one is
 * critical: everybody is told. What is asked while it
 * starts, for the connections, is in the requests and not in the round trips. What is less is welcome: put it here. `VERBOSE=1` prints what it takes.
 */
const MOST: Readonly<Record<OnAlertPath, Calls>> = {
  'image-pushed': { requests: 13, connections: 5, roundTrips: 4, writeUnits: 6, readUnits: 1 },
  'scan-completed': { requests: 30, connections: 9, roundTrips: 6, writeUnits: 17, readUnits: 4.5 },
  'deliver-datadog': { requests: 6, connections: 3, roundTrips: 3, writeUnits: 2, readUnits: 0 },
  'deliver-slack': { requests: 7, connections: 3, roundTrips: 4, writeUnits: 3, readUnits: 0 },
  'deliver-sns': { requests: 5, connections: 2, roundTrips: 3, writeUnits: 2, readUnits: 0 },
};

/** Longer than a process takes between two requests that do not wait for each other, on a machine that is shared. */
const QUIET_MS = 250;

interface Calls {
  readonly requests: number;
  /** TLS handshakes, each a good millisecond of CPU. */
  readonly connections: number;
  readonly roundTrips: number;
  readonly writeUnits: number;
  readonly readUnits: number;
}

const calls = new Map<OnAlertPath, Calls>();
const measured = new Map<OnAlertPath, Measured>();
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const packaged = await packageService({ root: process.cwd(), reuse: true });
  closers.push(packaged.dispose);
  const origins = await startOrigins(packaged.template, { countsUnits: true });
  closers.unshift(origins.close);
  const { measure, close } = await startMeasuring(origins);
  closers.unshift(close);
  const build = buildOf(origins, packaged.bundles);
  origins.front.setPace({ quietMs: QUIET_MS });
  await playAlerts(origins, { images: 1, scan: scanOf('basic', 10) }, async (name, events) => {
    const before = origins.unitsSoFar();
    const it = await measure({ program: programOf(build, name), events: events.slice(0, 1) });
    const after = origins.unitsSoFar();
    measured.set(name, it);
    calls.set(name, {
      requests: it.asked.length,
      connections: it.connections,
      roundTrips: roundTrips(it.asked),
      writeUnits: after.write - before.write,
      readUnits: after.read - before.read,
    });
  });
  if (process.env.VERBOSE) process.stdout.write(`${JSON.stringify(Object.fromEntries(calls), null, 2)}\n`);
});
afterAll(async () => {
  for (const close of closers) await close();
});

describe.each(ALERT_PATH)('%s', (name) => {
  test('asks, waits and writes no more than this for an event', () => {
    const over = Object.entries(calls.get(name) ?? {}).filter(
      ([what, count]) => count > MOST[name][what as keyof Calls],
    );
    expect(over).toEqual([]);
    expect(calls.get(name)?.requests).toBeGreaterThan(0);
  });

  test('everything that it asked was answered', () => {
    expect(measured.get(name)?.asked.filter((it) => it.status >= 300 && !isOpening(it))).toEqual([]);
  });
});

// It costs a cold start 25 ms and 12 MiB (docs/performance.md).
test.each(ALERT_PATH)('%s has not loaded Node’s fetch after an event', (name) => {
  expect(measured.get(name)?.loaded).toMatchObject({ undici: false });
});
