import type { RunningRun } from '../facts.ts';
import { examplesOf } from '../finding.ts';

/** `prod/checkout (app)`: who runs it. */
export function runsText(runs: readonly Pick<RunningRun, 'workload' | 'name'>[]): string {
  const names = runs.map(({ workload, name }) => `${workload.cluster}/${workload.name} (${name})`);
  return examplesOf([...new Set(names)]);
}
