import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import monitorFile from '../../resources/datadog/monitor.json' with { type: 'json' };
import { aDigest } from '../build/lineage.ts';
import { aReading } from '../build/reading.ts';
import { type MonitorQuery, parseQuery } from './monitor-model.ts';
import { PLANTED } from './monitor-plants.ts';
import { record } from './report/row.ts';
import { type Plant, play, type Step, type Timeline, type Told } from './timeline.ts';

const [A, B] = [aDigest('a'), aDigest('b')];
const CRITICAL = aReading(['CVE-1', 'CVE-2']);
const CLEAN = aReading([]);
const HOURS = 60;

/** The monitor that `scan-response datadog apply` puts there, and the README advises. */
const ADVISED = parseQuery(monitorFile.query);

const push = (minute: number, digest = A, tags = ['latest'], reading = CRITICAL): Step => ({
  ...{ minute, push: digest, tags, reading },
});

/** A promise about what people are told, and the timelines that prove it. */
interface Promised {
  readonly name: string;
  readonly timeline: Omit<Timeline, 'query' | 'plant'>;
  readonly holds: (told: Told) => boolean;
}

const isJust = (told: Told, ...expected: readonly string[]) =>
  told.map(([, to, reference]) => `${to} ${reference}`).join() === expected.join();

const within = (told: Told, index: number, from: number, until: number) => {
  const minute = told[index]?.[0] ?? Number.NaN;
  return minute >= from && minute <= until;
};

const PROMISES: readonly Promised[] = [
  {
    name: 'alerts in the minute of the first critical finding',
    timeline: { minutes: 30, steps: [push(7)] },
    holds: (told) => isJust(told, 'alert latest') && within(told, 0, 7, 7),
  },
  {
    name: 'stays in alert until there is a zero, for three days without a scan',
    timeline: { minutes: 72 * HOURS, steps: [push(7)] },
    holds: (told) => isJust(told, 'alert latest'),
  },
  {
    name: 'still says how it ended, three days later',
    timeline: { minutes: 74 * HOURS, steps: [push(7), { minute: 72 * HOURS, rescan: A, reading: CLEAN }] },
    holds: (told) =>
      isJust(told, 'alert latest', 'ok latest') && within(told, 1, 72 * HOURS, 72 * HOURS + 15),
  },
  {
    name: 'survives two lost heartbeats in a row',
    timeline: { minutes: 120, steps: [push(7)], lostBeats: [15, 20, 60, 65] },
    holds: (told) => isJust(told, 'alert latest'),
  },
  {
    name: 'resolves within 15 minutes after a clean image took the tag',
    timeline: { minutes: 240, steps: [push(7), push(61, B, ['latest'], CLEAN)] },
    holds: (told) => isJust(told, 'alert latest', 'ok latest') && within(told, 1, 61, 76),
  },
  {
    name: 'closes within 15 minutes when the image is deleted',
    timeline: { minutes: 240, steps: [push(7), { minute: 61, deleted: A }] },
    holds: (told) => isJust(told, 'alert latest', 'ok latest') && within(told, 1, 61, 76),
  },
  {
    name: 'closes the newest push when the next image has a tag that is followed',
    timeline: { minutes: 240, steps: [push(7, A, ['v1']), push(61, B, ['latest'], CLEAN)] },
    holds: (told) => isJust(told, 'alert /newest-push', 'ok /newest-push') && within(told, 1, 61, 76),
  },
  {
    name: 'opens again with the same image after a deletion',
    timeline: { minutes: 240, steps: [push(7), { minute: 61, deleted: A }, push(122)] },
    holds: (told) => isJust(told, 'alert latest', 'ok latest', 'alert latest') && within(told, 2, 122, 127),
  },
  {
    name: 'resolves after an outage of Datadog during which it was fixed',
    timeline: {
      ...{ minutes: 12 * HOURS, away: { from: 55, until: 9 * HOURS } },
      steps: [push(7), push(61, B, ['latest'], CLEAN)],
    },
    holds: (told) => isJust(told, 'alert latest', 'ok latest') && within(told, 1, 9 * HOURS, 9 * HOURS + 15),
  },
  {
    name: 'resolves after an outage of a day during which the image was deleted',
    timeline: {
      ...{ minutes: 36 * HOURS, away: { from: 55, until: 25 * HOURS } },
      steps: [push(7), { minute: 61, deleted: A }],
    },
    holds: (told) =>
      isJust(told, 'alert latest', 'ok latest') && within(told, 1, 25 * HOURS, 25 * HOURS + 15),
  },
  ...[95, 9 * HOURS].map((until) => ({
    name: `says nothing of what was opened and fixed while Datadog was away until minute ${until}, whatever lands last`,
    timeline: {
      ...{ minutes: 12 * HOURS, away: { from: 55, until }, lastFirst: true as const },
      steps: [push(7, B, ['latest'], CLEAN), push(61), push(70, B, ['latest'], CLEAN)],
    },
    holds: (told: Told) => told.length === 0,
  })),
  {
    name: 'alerts after an outage during which it was opened',
    timeline: {
      ...{ minutes: 12 * HOURS, away: { from: 55, until: 9 * HOURS } },
      steps: [push(7, B, ['latest'], CLEAN), push(61)],
    },
    holds: (told) => isJust(told, 'alert latest') && within(told, 0, 9 * HOURS, 9 * HOURS + 5),
  },
  {
    name: 'never flaps over a day of rescans, lost beats and an outage',
    timeline: {
      minutes: 24 * HOURS,
      lostBeats: [100, 105, 400, 405, 800],
      away: { from: 600, until: 660 },
      steps: [
        push(7),
        ...Array.from({ length: 20 }, (_, n) => ({
          ...{
            minute: 30 + n * 61,
            rescan: A,
            reading: aReading(n % 2 ? ['CVE-1'] : ['CVE-1', 'CVE-2', 'CVE-3']),
          },
        })),
      ],
    },
    holds: (told) => isJust(told, 'alert latest'),
  },
  {
    name: 'says nothing of an image that was always clean',
    timeline: { minutes: 120, steps: [push(7, A, ['latest'], CLEAN), push(40, B, ['main'], CLEAN)] },
    holds: (told) => told.length === 0,
  },
];

async function broken(query: MonitorQuery, plant?: Plant): Promise<readonly string[]> {
  const results = await Promise.all(
    PROMISES.map(async ({ name, timeline, holds }) => {
      const told = await play({ ...timeline, query, ...(plant && { plant }) });
      return holds(told) ? [] : [`${name}: ${JSON.stringify(told)}`];
    }),
  );
  return results.flat();
}

test.each(['README.md', 'README.ja.md', 'docs/datadog.md'])('%s has the query of the file', (page) => {
  expect(/^(?:max|min)\(last_\d+m\):.*$/m.exec(readFileSync(page, 'utf8'))?.[0]).toBe(monitorFile.query);
});

describe('the monitor that is applied, and that the README advises', () => {
  test.each(PROMISES)('$name', async ({ timeline, holds }) => {
    const told = await play({ ...timeline, query: ADVISED });
    record({
      id: 'monitor',
      size: 1,
      promise: 'the monitor of the README alerts, stays, survives two lost heartbeats, resolves, never flaps',
      target: 'every timeline as promised, resolved ≤ 15 min',
      measured: { timelines: 1, 'not as promised': Number(!holds(told)) },
      pass: holds(told),
    });
    expect(holds(told), JSON.stringify(told)).toBe(true);
  });
});

describe('another query would break a promise', () => {
  test.each<readonly [string, Partial<MonitorQuery>]>([
    ['a window of an hour', { windowMinutes: 60 }],
    ['a minimum', { timeAggregation: 'min' }],
  ])('%s', async (_, change) => {
    expect(await broken({ ...ADVISED, ...change })).not.toEqual([]);
  });
});

test.each(PLANTED)('a planted mistake is found: $name', async ({ plant }) => {
  expect(await broken(ADVISED, plant)).not.toEqual([]);
});
