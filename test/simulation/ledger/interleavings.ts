import type { Message } from './queue.ts';
import { type Random, randomFrom } from './random.ts';
import { invoke, NoAnswer, type Travel } from './worker.ts';
import {
  aWorld,
  judge,
  type Plant,
  REPLIES,
  type ReplyKind,
  type Run,
  SINK_KINDS,
  type World,
} from './world.ts';

const WORKERS = 3;
/** As in serverless.yml: Lambda ends a function then, whatever it does. */
const FUNCTION_TIMEOUT_MS = 30_000;
/** As the sinks ask for by default. */
const SINK_TIMEOUT_MS = 8_000;
/** Of two workers one may be five seconds ahead: what is left between the timeout and the lease. */
const MAX_SKEW_MS = 2_400;
/** So often a person empties the dead letters while the destination has its moods; then it takes everything. */
const MOODY_RESTS = 6;
const MAX_RESTS = 12;
const MAX_EVENTS = 5_000;

interface Timeline {
  readonly nowMs: () => number;
  readonly at: (atMs: number, action: () => void) => void;
  /** Does the next thing; false when nothing is left to do. */
  readonly step: () => Promise<boolean>;
}

/** What happens when, in the order of virtual time. */
function aTimeline(): Timeline {
  const planned: { readonly atMs: number; readonly action: () => void }[] = [];
  let nowMs = Date.parse('2026-11-20T03:00:00Z');
  return {
    nowMs: () => nowMs,
    at(atMs, action) {
      const index = planned.findLastIndex((it) => it.atMs <= atMs);
      planned.splice(index + 1, 0, { atMs, action });
    },
    async step() {
      const next = planned.shift();
      if (!next) return false;
      nowMs = Math.max(nowMs, next.atMs);
      next.action();
      // Until every continuation of it has run.
      await new Promise((resolve) => setImmediate(resolve));
      return true;
    },
  };
}

/**
 * Three workers and up to three copies of one message, with delays, deaths, wrong clocks, throttles and lost
 * answers as the seed decides; a request of a dead worker to the table or the queue may still take effect, even
 * after others have moved on. Returns what was wrong.
 */
export async function runInterleaving(seed: number, plant: Plant): Promise<readonly string[]> {
  const random = randomFrom(seed);
  const timeline = aTimeline();
  const kind = random.oneOf(SINK_KINDS);
  let rests = 0;
  const world = aWorld(kind, () => (rests < MOODY_RESTS ? aReply(random) : 'ok'), timeline.nowMs);
  for (let copies = 1 + random.below(3); copies > 0; copies--) world.queue.send(world.body, timeline.nowMs());
  const place = { world, timeline, random, plant };
  let events = 0;
  for (; rests < MAX_RESTS; rests++) {
    for (let nth = 0; nth < WORKERS; nth++) work(place, (random.next() * 2 - 1) * MAX_SKEW_MS);
    while (events < MAX_EVENTS && (await timeline.step())) events++;
    if (!world.redrive()) break;
  }
  return judge(world);
}

interface Place {
  readonly world: World;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly plant: Plant;
}

function aReply(random: Random): ReplyKind {
  return random.chance(0.5) ? 'ok' : random.oneOf(REPLIES);
}

/** One worker: takes messages until the queue is empty, one after the other. */
function work(place: Place, skewMs: number): void {
  const { world, timeline, random } = place;
  const again = (): void => {
    const nextAtMs = world.queue.nextAtMs();
    if (nextAtMs === undefined) return;
    const message = world.queue.receive(timeline.nowMs(), random.chance(0.05));
    if (message) begin(place, message, skewMs, again);
    else timeline.at(Math.max(nextAtMs, timeline.nowMs() + 1), again);
  };
  timeline.at(timeline.nowMs() + random.below(1000), again);
}

function begin(
  { world, timeline, random, plant }: Place,
  message: Message,
  skewMs: number,
  then: () => void,
): void {
  const run = world.startRun();
  const end = (isByForce: boolean): void => {
    if (run.isDead) return;
    world.end(run, isByForce);
    timeline.at(timeline.nowMs() + 1, then);
  };
  timeline.at(timeline.nowMs() + FUNCTION_TIMEOUT_MS, () => end(true));
  const worker = {
    run,
    plant,
    nowMs: () => timeline.nowMs() + skewMs,
    travel: travelFor({ timeline, random, run, die: () => end(true) }),
  };
  void invoke(world, message, worker).then(() => end(false));
}

interface Journey {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly run: Run;
  readonly die: () => void;
}

/** Requests and answers that take their time; a dead worker hears nothing any more. */
function travelFor({ timeline, random, run, die }: Journey): Travel {
  return (what, effect) =>
    new Promise((resolve, reject) => {
      if (random.chance(0.02)) return die();
      const startMs = timeline.nowMs();
      const hear = (heard: () => void) => () => {
        if (!run.isDead) heard();
      };
      if (what === 'send')
        timeline.at(
          startMs + SINK_TIMEOUT_MS,
          hear(() => reject(new NoAnswer('timeout'))),
        );
      timeline.at(startMs + aDelayMs(random), () => {
        // A connection ends with its worker, or when it has waited long enough.
        const isOver = run.isDead || timeline.nowMs() >= startMs + SINK_TIMEOUT_MS;
        if (what === 'send' && isOver) return;
        const answer = attempt(() => throttled(what, random, run) ?? effect());
        if (random.chance(0.02)) return die();
        timeline.at(
          timeline.nowMs() + aDelayMs(random),
          hear(() => answer(resolve, reject)),
        );
      });
    });
}

function throttled(what: string, random: Random, run: Run): undefined {
  if (what !== 'ledger' || !random.chance(0.01)) return undefined;
  run.isInDoubt = true;
  throw new Error('the table is throttled');
}

type Answered<T> = (resolve: (value: T) => void, reject: (error: unknown) => void) => void;

function attempt<T>(effect: () => T): Answered<T> {
  try {
    const value = effect();
    return (resolve) => resolve(value);
  } catch (error) {
    return (_, reject) => reject(error);
  }
}

/** Mostly fast, sometimes slow, now and then later than its worker lives. */
function aDelayMs(random: Random): number {
  const dice = random.next();
  if (dice < 0.9) return 1 + random.below(200);
  return dice < 0.96 ? random.below(12_000) : random.below(90_000);
}
