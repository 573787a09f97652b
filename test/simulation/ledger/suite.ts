import { type CrashPlan, runEveryCrash } from './crash-points.ts';
import { runInterleaving } from './interleavings.ts';
import type { Plant } from './world.ts';

/** How many runs, and what was wrong in which: a plan or a seed that repeats it. */
export interface Verdict {
  readonly runs: number;
  readonly wrong: readonly string[];
}

/** Every combination of up to `depth` crash points of each plan. */
export async function crashVerdict(
  plans: readonly CrashPlan[],
  depth: number,
  plant: Plant,
): Promise<Verdict> {
  const wrong: string[] = [];
  let runs = 0;
  for (const plan of plans) {
    runs += await runEveryCrash(plan, depth, plant, ({ kind, replies, crashes }, found) => {
      if (found.length === 0) return;
      wrong.push(`${kind.name}, replies ${replies.join(' ')}, crashes at ${crashes}: ${found.join('; ')}`);
    });
  }
  return { runs, wrong };
}

/** The interleavings of the seeds from `first` on. */
export async function interleavingVerdict(first: number, count: number, plant: Plant): Promise<Verdict> {
  const wrong: string[] = [];
  for (let seed = first; seed < first + count; seed++) {
    const found = await runInterleaving(seed, plant);
    if (found.length > 0) wrong.push(`seed ${seed}: ${found.join('; ')}`);
  }
  return { runs: count, wrong };
}
