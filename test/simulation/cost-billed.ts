import { type Scene, timesAt, workOf } from '../../bench/functions/memory-time.ts';
import type { Results } from '../../bench/functions/results.ts';
import type { BilledFor } from './cost-model.ts';

/**
 * How many calls start a process: for a million in a month, which is one in three seconds, Lambda keeps its processes.
 * "Typically less than 1 %": https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
 */
export const USUALLY_COLD = 0.01;
/** What every function had before they were measured. */
export const BEFORE_MB = 256;

/** As a function was measured that is called for this. */
function sceneOf(name: string, { push, scan }: Scenes): Scene {
  if (name === 'image-pushed') return push;
  return name === 'image-deployed' ? 'a task' : scan;
}

export interface Scenes {
  readonly push: Scene;
  readonly scan: Scene;
}

/** What a call is billed for, from what was measured, with the memory that each function has. */
export function billedFrom(
  results: Results,
  memoryOf: (name: string) => number,
  scenes: Scenes,
  coldShare = USUALLY_COLD,
): BilledFor {
  return (name) => {
    const megabytes = memoryOf(name);
    const { coldMs, warmMs } = timesAt(workOf(results, sceneOf(name, scenes), name), megabytes);
    const seconds = (coldShare * coldMs + (1 - coldShare) * warmMs) / 1000;
    return { seconds, gigabytes: megabytes / 1024 };
  };
}
