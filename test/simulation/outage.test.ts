import { describe, expect, test } from 'vitest';
import type { QueuedSink } from '../../lib/delivery/delivery.ts';
import { FAULTS, NO_FAULTS, planEvents, type Simulation, simulation } from './nothing-lost.ts';
import { isFull, record } from './report/row.ts';
import { judge } from './verdict.ts';

const HOUR_MS = 3_600_000;
const SCANS = isFull ? 200 : 30;
const SEED = 7;

/** A run in which Slack is down from the beginning for so many hours, and nothing else is wrong. */
async function runOutage(hours: number): Promise<Simulation> {
  const startMs = Date.parse('2026-11-20T00:00:00Z');
  const slack = { ...NO_FAULTS.sinks.slack, outage: [startMs, startMs + hours * HOUR_MS] as const };
  // Events twice, as ever; what was never sent is not for this.
  const faults = { ...NO_FAULTS, sentTwice: FAULTS.sentTwice, sinks: { ...NO_FAULTS.sinks, slack } };
  const it = simulation(SEED, { scans: SCANS, seconds: SCANS, faults });
  planEvents(it, faults);
  await it.clock.run();
  return it;
}

/** Milliseconds after the start at which a sink's posts arrived, sorted. */
function arrivals({ outside, startMs }: Simulation, sink: QueuedSink): readonly number[] {
  const posts = [...outside.posts.values()].flat().filter((post) => post.sink === sink);
  return posts.map(({ atMs }) => atMs - startMs).sort((a, b) => a - b);
}

function p99(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
}

describe('R7: Slack is down', () => {
  test('for a day: all is told within half an hour, and nobody else notices', async () => {
    const [calm, outage] = [await runOutage(0), await runOutage(24)];
    const verdict = judge(outage.world, outage.outside.posts);
    const slack = arrivals(outage, 'slack');
    const minutes = Math.ceil(((slack.at(-1) ?? 0) - 24 * HOUR_MS) / 60_000);
    const others = (['datadog', 'sns'] as const).map((sink) =>
      Math.abs(p99(arrivals(calm, sink)) - p99(arrivals(outage, sink))),
    );
    const dead = outage.backend.queues.slack.deadLetters().length;
    const difference = Math.max(...others);
    record({
      id: 'R7',
      size: SCANS,
      promise: 'an outage heals by itself; after five days, by one command',
      target:
        'down 24 h: all delivered ≤ 30 min after recovery, others’ p99 ± 1 s; down 5 days: all in dead letters, redrive delivers each once',
      measured: {
        'messages after a day': slack.length,
        'minutes after recovery, at most': minutes,
        'ms of difference at the others, at most': difference,
        'lost in a day': verdict.lost.length,
      },
      pass: verdict.lost.length === 0 && minutes <= 30 && difference <= 1000 && dead === 0,
    });
    expect(verdict).toMatchObject({ lost: [], unexplained: [], explainedDoubles: 0 });
    expect(minutes).toBeLessThanOrEqual(30);
    expect(difference).toBeLessThanOrEqual(1000);
    expect(dead).toBe(0);
    expect(slack.length).toBe(arrivals(calm, 'slack').length);
  });

  test('for five days: all lies in the dead letters, and a redrive delivers each once', async () => {
    const it = await runOutage(5 * 24);
    const { slack } = it.backend.queues;
    const before = arrivals(it, 'slack').length;
    const dead = slack.deadLetters().length;
    await it.clock.run(it.startMs + 5 * 24 * HOUR_MS);
    slack.redrive();
    await it.clock.run();
    const verdict = judge(it.world, it.outside.posts);
    const told = arrivals(it, 'slack').length;
    record({
      id: 'R7',
      size: SCANS,
      promise: '',
      target: '',
      measured: {
        'dead letters after five days': dead,
        'told by their redrive': told,
        'told twice': told - dead,
      },
      pass: before === 0 && told === dead && verdict.lost.length === 0,
    });
    expect({ before, told }).toEqual({ before: 0, told: dead });
    expect(verdict).toMatchObject({ lost: [], unexplained: [], explainedDoubles: 0 });
  });
});
