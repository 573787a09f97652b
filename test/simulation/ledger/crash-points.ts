import { invoke, type Travel } from './worker.ts';
import { aWorld, judge, type Plant, type ReplyKind, type SinkKind } from './world.ts';

/** One run: where it crashes, counted in requests and answers from its start, and what the destination says. */
export interface CrashPlan {
  readonly kind: SinkKind;
  /** The tries after these are answered `ok`. */
  readonly replies: readonly ReplyKind[];
  readonly crashes: readonly number[];
}

interface CrashRun {
  readonly points: number;
  readonly wrong: readonly string[];
}

const MAX_INVOCATIONS = 60;
const STEP_MS = 100;

/**
 * Delivers one notice of which the queue has two copies, by workers that die at the points of the plan and never
 * answer again, until nothing is left; a person empties the dead letters whenever the queue is empty.
 */
async function runCrashes({ kind, replies, crashes }: CrashPlan, plant: Plant): Promise<CrashRun> {
  const left = [...replies];
  let nowMs = Date.parse('2026-11-20T03:00:00Z');
  let points = 0;
  const world = aWorld(
    kind,
    () => left.shift() ?? 'ok',
    () => nowMs,
  );
  world.queue.send(world.body, nowMs);
  world.queue.send(world.body, nowMs);

  async function invokeOnce(): Promise<void> {
    const message = world.queue.receive(nowMs);
    if (!message) return;
    const run = world.startRun();
    let die: () => void = () => undefined;
    const death = new Promise<true>((resolve) => {
      die = () => resolve(true);
    });
    const point = async (): Promise<void> => {
      nowMs += STEP_MS;
      if (!crashes.includes(points++)) return;
      die();
      await new Promise(() => undefined);
    };
    const travel: Travel = async (_, effect) => {
      await point();
      const answer = effect();
      await point();
      return answer;
    };
    const worker = { run, travel, nowMs: () => nowMs, plant };
    const isDead = await Promise.race([death, invoke(world, message, worker).then(() => false)]);
    world.end(run, isDead);
  }

  for (let invocations = 0; invocations < MAX_INVOCATIONS; invocations++) {
    const nextAtMs = world.queue.nextAtMs();
    if (nextAtMs === undefined && !world.redrive()) break;
    nowMs = Math.max(nowMs, nextAtMs ?? nowMs);
    await invokeOnce();
  }
  return { points, wrong: judge(world) };
}

/** Every plan with up to `depth` crashes after the first `crashes`, each at a point that the run before reached. */
export async function runEveryCrash(
  plan: CrashPlan,
  depth: number,
  plant: Plant,
  report: (plan: CrashPlan, wrong: readonly string[]) => void,
): Promise<number> {
  const { points, wrong } = await runCrashes(plan, plant);
  report(plan, wrong);
  if (depth === 0) return 1;
  let runs = 1;
  for (let point = (plan.crashes.at(-1) ?? -1) + 1; point < points; point++) {
    const next = { ...plan, crashes: [...plan.crashes, point] };
    runs += await runEveryCrash(next, depth - 1, plant, report);
  }
  return runs;
}
