import { loadavg } from 'node:os';
import type { Bench } from './bench.ts';
import type { Asked } from './front.ts';
import type { Job, Measured } from './measure.ts';
import { peaks } from './memory-peaks.ts';
import { type Play, startScenes } from './memory-scenes.ts';
import { nameOf } from './memory-time.ts';
import { programOf } from './programs.ts';
import { roundTripMs } from './round-trip-times.ts';
import { isOpening } from './round-trips.ts';
import { cpuShare } from './share.ts';

/** At which the calculation is held against a clock. */
const CHECKED_MB = [128, 256, 1024];
/** A process that lives for hours has all of its code compiled. */
const [COLD, WARM_UP, MEASURED] = [1, 14, 14];
/** Longer than a process takes from one request to the next that does not wait for it, on a machine that is shared. */
const QUIET_MS = 300;

/**
 * What the time of each function of ours is made of: its CPU, the round trips that it waits for, and the most memory that
 * it is asked for. That says how long it takes at any share of a processor, on a machine that others use as well;
 * at some shares a clock is held against it.
 */
export async function memory(bench: Bench): Promise<void> {
  const { origins, rounds } = bench;
  const many = await startScenes(origins, COLD + WARM_UP + MEASURED, setUp(bench));
  for (let round = 1; round <= Math.ceil(rounds / 4); round += 1)
    await playAll(many, async (scene, name, events) => {
      const measured = await run(bench, name, { events, warmUp: events.length > 3 ? WARM_UP : 0 });
      bench.record({ what: nameOf.cpu(scene), program: name, round, values: cpuOf(measured) });
    });
  await waits(bench);
  await clocks(bench, many);
  await peaks(bench);
}

type Scenes = Awaited<ReturnType<typeof startScenes>>;

async function playAll(scenes: Partial<Scenes>, play: Play): Promise<void> {
  for (const act of Object.values(scenes)) await act(play);
}

function setUp(bench: Bench) {
  return async (name: string, events: readonly object[]) => void (await run(bench, name, { events }));
}

function run({ builds, measure, say }: Bench, name: string, job: Omit<Job, 'program'>): Promise<Measured> {
  const [ours] = builds;
  if (!ours) throw new Error('there is no build of ours');
  say(`sizes: ${name}, ${job.events.length} events`);
  return measure({ ...job, program: programOf(ours, name) });
}

/** Of the warm events the mean: one push is told twice, and the second time takes less. */
function cpuOf({ init, first, warm: { each, cpuMs }, peakCold }: Measured) {
  const warmCpuMs = cpuMs / each.length;
  return { initCpuMs: init.cpuMs, firstCpuMs: first.cpuMs, warmCpuMs, peakColdMiB: peakCold };
}

const IMAGES = 3;

/** Requests go through in rounds here: what a round takes on AWS is what its slowest request takes. */
async function waits(bench: Bench): Promise<void> {
  const scenes = await startScenes(bench.origins, IMAGES, setUp(bench));
  bench.origins.front.setPace({ quietMs: QUIET_MS });
  try {
    await playAll(scenes, async (scene, name, events) => {
      // Of one image in one process, and of two in another: the difference is what a warm one waits for.
      const each = events.length / IMAGES;
      const one = await run(bench, name, { events: events.slice(0, each) });
      const two = await run(bench, name, { events: events.slice(each) });
      const warmWaitMs = (waited(two.asked) - waited(one.asked)) / each;
      const { initWaitMs, firstWaitMs } = coldWaits(one.asked);
      const values = { initWaitMs, firstWaitMs: firstWaitMs - (each - 1) * warmWaitMs, warmWaitMs };
      bench.record({ what: nameOf.waits(scene), program: name, round: 1, values });
    });
  } finally {
    bench.origins.front.setPace({ delayMs: 0 });
  }
}

/** What is asked up to the last connection that is opened for itself belongs to the start. */
function coldWaits(asked: readonly Asked[]) {
  const started = Math.max(0, ...asked.filter(isOpening).map(({ round }) => round));
  const ofStart = asked.filter(({ round }) => round <= started);
  return { initWaitMs: waited(ofStart), firstWaitMs: waited(asked) - waited(ofStart) };
}

function waited(asked: readonly Asked[]): number {
  const rounds = new Map<number, number>();
  for (const { round, host } of asked) rounds.set(round, Math.max(rounds.get(round) ?? 0, roundTripMs(host)));
  return [...rounds.values()].reduce((sum, ms) => sum + ms, 0);
}

/** Of which one is ours: above this, others take so much of the machine that a clock says nothing. */
const QUIET_LOAD = 2;

async function clocks(bench: Bench, scenes: Scenes): Promise<void> {
  const [load = 0] = loadavg();
  if (load > QUIET_LOAD)
    return bench.cannot(`a clock beside what is calculated: the machine does something else, load ${load}`);
  // A walk is as long as its pace makes it.
  const { scheduled: _, ...without } = scenes;
  for (const megabytes of CHECKED_MB) await byTheClock(bench, without, megabytes);
}

async function byTheClock(bench: Bench, scenes: Partial<Scenes>, megabytes: number): Promise<void> {
  const share = cpuShare(megabytes);
  if (!share)
    return bench.cannot(`a clock at ${megabytes} MB: this machine lets nobody limit a group of processes`);
  bench.origins.front.setPace({ delayMs: roundTripMs });
  try {
    await playAll(scenes, async (scene, name, events) => {
      const warmUp = events.length > 3 ? WARM_UP : 0;
      const { first, warm } = await run(bench, name, { events, warmUp, cpuGroup: share.file });
      const warmMs = warm.each.reduce((sum, ms) => sum + ms, 0) / warm.each.length;
      const values = { firstMs: first.ms, warmMs };
      bench.record({ what: nameOf.clock(scene, megabytes), program: name, round: 1, values });
    });
  } finally {
    bench.origins.front.setPace({ delayMs: 0 });
    share.dispose();
  }
}
