import { imageOf, type QueuedSink } from '../../lib/delivery/delivery.ts';
import type { PolicyDocument } from '../../lib/policy/document.ts';
import { imagePartition, repositoryPartition } from '../../lib/store/keys.ts';
import { type Backend, type BackendFaults, backend, type Surface } from './backend.ts';
import { type Chance, chance } from './chance.ts';
import { type Clock, virtualClock } from './clock.ts';
import { pushEvent, scanEvent } from './events.ts';
import { type Hear, type Outside, outside, type SinkFaults } from './outside.ts';
import type { Plant } from './plant.ts';
import { judge, type Verdict } from './verdict.ts';
import { aWorld, type World } from './world.ts';

/** What goes wrong, and how often. */
export interface Faults extends BackendFaults {
  /** Events that AWS sends twice. */
  readonly sentTwice: number;
  /** Events that AWS never sends. */
  readonly neverSent: number;
  readonly sinks: Readonly<Record<QueuedSink, SinkFaults>>;
}

const NO_TROUBLE: SinkFaults = { tooMany: 0, serverError: 0, lostReply: 0 };
const AT_SINKS: SinkFaults = { tooMany: 0.03, serverError: 0.03, lostReply: 0.01 };

/** Nothing goes wrong. */
export const NO_FAULTS: Faults = {
  crash: 0,
  throttle: 0,
  duplicate: 0,
  stall: 0,
  sentTwice: 0,
  neverSent: 0,
  sinks: { datadog: NO_TROUBLE, slack: NO_TROUBLE, sns: NO_TROUBLE },
};

/** The rates that the promise names. */
export const FAULTS: Faults = {
  crash: 0.01,
  throttle: 0.01,
  duplicate: 0.01,
  stall: 0,
  sentTwice: 0.3,
  neverSent: 0.005,
  sinks: { datadog: AT_SINKS, slack: AT_SINKS, sns: AT_SINKS },
};

export interface Run extends Verdict {
  /** Dead letters that a person had to send back at the end. */
  readonly redriven: number;
  /** Functions that died on their way. */
  readonly deaths: number;
  /** What Slack took: a message that names many is one. */
  readonly messages: number;
  /** Runs of the reconciler that came to their end. */
  readonly walks: number;
  readonly databaseCalls: number;
  /** Deliveries that the ledger does not call sent, though their sender told it so in time. */
  readonly forgotten: readonly string[];
  /** Messages that are still somewhere. */
  readonly left: number;
}

export interface Simulation {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly world: World;
  readonly outside: Outside;
  readonly backend: Backend;
  readonly startMs: number;
}

const START_MS = Date.parse('2026-11-20T00:00:00Z');

/** A world of so many scans, its backend and its destinations; nothing has happened yet. */
export function simulation(
  seed: number,
  {
    scans,
    seconds,
    faults = FAULTS,
    plant,
    surfaceOf,
    callsPerSecond,
    hear,
    document,
    makeWorld = (luck) => aWorld(scans, luck, { startMs: START_MS, seconds }),
  }: {
    readonly scans: number;
    readonly seconds: number;
    /** Where the images differ from those of `aWorld`. */
    readonly makeWorld?: (luck: Chance, startMs: number) => World;
    readonly faults?: Faults;
    readonly plant?: Plant;
    /** The release whose code an invocation runs; this one when it is not said. */
    readonly surfaceOf?: () => Surface;
    /** What the reconciler may ask of the registry; as packaged when it is not said. */
    readonly callsPerSecond?: number;
    /** What somebody applied as policy. */
    readonly document?: PolicyDocument;
    /** Hears of everything that arrives, with its body. */
    readonly hear?: Hear;
  },
): Simulation {
  const clock = virtualClock(START_MS);
  const luck = chance(seed);
  const world = makeWorld(luck, START_MS);
  const there = outside({ clock, chance: luck }, faults.sinks, plant?.datadogBody, hear);
  const here = backend(
    { clock, chance: luck, world, outside: there, ...(document && { document }) },
    faults,
    plant,
    surfaceOf,
    callsPerSecond,
  );
  return { clock, chance: luck, world, outside: there, backend: here, startMs: START_MS };
}

/** Plans every event of the world: late, unordered, some of them twice. */
export function planEvents(
  { clock, chance: luck, world, backend: { queues } }: Simulation,
  faults: Faults,
): void {
  for (const image of world.images) {
    plan(image.pushedMs, 10_000, () => queues.pushes.send(pushEvent(image)));
    for (const { digest, scans } of image.manifests)
      for (const { completedMs } of scans)
        plan(completedMs, 120_000, () => queues.scans.send(scanEvent(image, digest, completedMs)));
  }

  function plan(atMs: number, lateMs: number, run: () => void): void {
    if (luck.hits(faults.neverSent)) return;
    clock.at(atMs + luck.between(0, lateMs), run);
    if (luck.hits(faults.sentTwice)) clock.at(atMs + luck.between(0, 3 * lateMs), run);
  }
}

/** One run of the promise: everything happens, dead letters are sent back once at the end, then it is judged. */
export async function runNothingLost(
  seed: number,
  options: Omit<Parameters<typeof simulation>[1], 'seconds' | 'callsPerSecond'>,
): Promise<Run> {
  const { faults = FAULTS, plant, scans } = options;
  // About ten scans a second, what the functions are allowed to do. People follow every image of this world, so that
  // each can be judged by itself; no account has so many, and as many calls more a second are allowed for them.
  const callsPerSecond = Math.max(20, scans / 100);
  const it = simulation(seed, { ...options, seconds: Math.ceil(scans / 10), callsPerSecond });
  planEvents(it, faults);
  if (!plant?.forgetsReconciler) it.backend.reconciler.start(() => mayRest(it));
  await it.clock.run();
  const queues = Object.values(it.backend.queues);
  const redriven = queues.reduce((sum, queue) => sum + queue.redrive(), 0);
  await it.clock.run();
  const verdict = judge(it.world, it.outside.posts);
  return {
    ...verdict,
    lost: [...verdict.lost, ...unrecordedIn(it)],
    redriven,
    deaths: queues.reduce((sum, { counts }) => sum + counts.deaths, it.backend.reconciler.counts.deaths),
    messages: it.outside.taken.slack,
    walks: it.backend.reconciler.walks.length,
    databaseCalls: it.backend.database.calls(),
    forgotten: forgottenIn(it),
    left: queues.reduce((sum, { depth }) => sum + depth(), 0),
  };
}

const MINUTE_MS = 60_000;

/** Two whole walks that began after the end of everything found nothing, and the queues are empty. */
function mayRest({ backend: { queues, reconciler }, clock, world }: Simulation): boolean {
  const [last, before] = [reconciler.walks.at(-1), reconciler.walks.at(-2)];
  if (clock.nowMs() < world.endMs + 40 * MINUTE_MS || !last || !before) return false;
  const isQuiet = [last, before].every(
    ({ isWhole, failures, pushes, scans }) => isWhole && failures.length + pushes + scans === 0,
  );
  return isQuiet && Object.values(queues).every(({ depth }) => depth() === 0);
}

/** Pushes that the lineage never heard of. */
function unrecordedIn({ backend: { database }, world }: Simulation): readonly string[] {
  const heads = new Map(database.items('test-lineage').map(({ pk, sk, digest }) => [`${pk} ${sk}`, digest]));
  return world.images.flatMap(({ image, tag }) => {
    const head = heads.get(`${repositoryPartition(image.repository)} TAG#${tag}`);
    return head === image.digest ? [] : [`lineage ${tag}`];
  });
}

function forgottenIn({ outside: { posts }, backend: { database } }: Simulation): readonly string[] {
  const states = new Map(database.items('test-ledger').map(({ pk, sk, state }) => [`${pk} ${sk}`, state]));
  return [...posts].flatMap(([key, all]) => {
    const settled = all.find(({ isSettled }) => isSettled);
    if (!settled) return [];
    const { sink, delivery } = settled;
    const state = states.get(`${imagePartition(imageOf(delivery))} DLV#${sink}#${delivery.key}`);
    return state === 'SENT' ? [] : [key];
  });
}
