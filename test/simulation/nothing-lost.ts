import { randomUUID } from 'node:crypto';
import { imageOf, type SinkName } from '../../lib/delivery/delivery.ts';
import { imagePartition } from '../../lib/store/keys.ts';
import { type Backend, type BackendFaults, backend, type Surface } from './backend.ts';
import { type Chance, chance } from './chance.ts';
import { type Clock, virtualClock } from './clock.ts';
import { type Outside, outside, type SinkFaults } from './outside.ts';
import type { Plant } from './plant.ts';
import { judge, type Verdict } from './verdict.ts';
import { aWorld, type World, type WorldImage } from './world.ts';

/** What goes wrong, and how often. */
export interface Faults extends BackendFaults {
  /** Events that AWS sends twice. */
  readonly sentTwice: number;
  /** Events that AWS never sends. */
  readonly neverSent: number;
  readonly sinks: Readonly<Record<SinkName, SinkFaults>>;
}

const AT_SINKS: SinkFaults = { tooMany: 0.03, serverError: 0.03, lostReply: 0.01 };

/** The rates that the promise names. Nothing but the reconciler can find what was never sent: 0 until it is here. */
export const FAULTS: Faults = {
  crash: 0.01,
  throttle: 0.01,
  duplicate: 0.01,
  stall: 0,
  sentTwice: 0.3,
  neverSent: 0,
  sinks: { datadog: AT_SINKS, slack: AT_SINKS, sns: AT_SINKS },
};

export interface Run extends Verdict {
  /** Dead letters that a person had to send back at the end. */
  readonly redriven: number;
  /** Functions that died on their way. */
  readonly deaths: number;
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
  }: {
    readonly scans: number;
    readonly seconds: number;
    readonly faults?: Faults;
    readonly plant?: Plant;
    /** The release whose code an invocation runs; this one when it is not said. */
    readonly surfaceOf?: () => Surface;
  },
): Simulation {
  const clock = virtualClock(START_MS);
  const luck = chance(seed);
  const world = aWorld(scans, luck, { startMs: START_MS, seconds });
  const there = outside({ clock, chance: luck }, faults.sinks, plant?.datadogBody);
  const here = backend({ clock, chance: luck, world, outside: there }, faults, plant, surfaceOf);
  return { clock, chance: luck, world, outside: there, backend: here, startMs: START_MS };
}

/** Plans every event of the world: late, unordered, some of them twice. */
export function planEvents(
  { clock, chance: luck, world, backend: { queues } }: Simulation,
  faults: Faults,
): void {
  for (const image of world.images) {
    send(image.pushedMs, 10_000, () => queues.pushes.send(pushEvent(image)));
    for (const { digest, scans } of image.manifests)
      for (const { completedMs } of scans) {
        if (luck.hits(faults.neverSent)) continue;
        send(completedMs, 120_000, () => queues.scans.send(scanEvent(image, digest, completedMs)));
      }
  }

  function send(atMs: number, lateMs: number, run: () => void): void {
    clock.at(atMs + luck.between(0, lateMs), run);
    if (luck.hits(faults.sentTwice)) clock.at(atMs + luck.between(0, 3 * lateMs), run);
  }
}

/** One run of the promise: everything happens, dead letters are sent back once at the end, then it is judged. */
export async function runNothingLost(
  seed: number,
  options: Omit<Parameters<typeof simulation>[1], 'seconds'>,
): Promise<Run> {
  const { faults = FAULTS } = options;
  // About ten scans a second, what the functions are allowed to do.
  const it = simulation(seed, { ...options, seconds: Math.ceil(options.scans / 10) });
  planEvents(it, faults);
  await it.clock.run();
  const queues = Object.values(it.backend.queues);
  const redriven = queues.reduce((sum, queue) => sum + queue.redrive(), 0);
  await it.clock.run();
  return {
    ...judge(it.world, it.outside.posts),
    redriven,
    deaths: queues.reduce((sum, { counts }) => sum + counts.deaths, 0),
    databaseCalls: it.backend.database.calls(),
    forgotten: forgottenIn(it),
    left: queues.reduce((sum, { depth }) => sum + depth(), 0),
  };
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

function envelope(source: string, type: string, atMs: number, detail: object): string {
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': type,
    source,
    account: '111122223333',
    time: new Date(atMs).toISOString(),
    region: 'eu-west-1',
    resources: [],
    detail,
  });
}

function pushEvent({ image, kind, pushedMs }: WorldImage): string {
  const form = kind === 'index' ? 'application/vnd.oci.image.index.v1+json' : MANIFEST;
  return envelope('aws.ecr', 'ECR Image Action', pushedMs, {
    'action-type': 'PUSH',
    result: 'SUCCESS',
    'repository-name': image.repository.name,
    'image-digest': image.digest,
    'image-tag': 'latest',
    'manifest-media-type': form,
    ...(kind === 'image' && { 'artifact-media-type': 'application/vnd.oci.image.config.v1+json' }),
  });
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

function scanEvent({ image }: WorldImage, digest: string, completedMs: number): string {
  const { account, region, name } = image.repository;
  return envelope('aws.inspector2', 'Inspector2 Scan', completedMs, {
    'scan-status': 'INITIAL_SCAN_COMPLETE',
    'repository-name': `arn:aws:ecr:${region}:${account}:repository/${name}`,
    'image-digest': digest,
    'image-tags': [],
    version: '1.0',
  });
}
