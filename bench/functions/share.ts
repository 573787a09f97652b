import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lambda gives a function one whole processor at so many MB. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const MEGABYTES_OF_ONE_CPU = 1769;
const PERIOD_US = 20_000;

/** A group of the kernel's whose processes get the share of a processor that Lambda gives for so much memory. */
export interface CpuShare {
  /** Where a process writes its id to join. */
  readonly file: string;
  dispose(): void;
}

/** Undefined where this machine lets nobody make such groups. */
export function cpuShare(megabytes: number): CpuShare | undefined {
  const quotaUs = Math.round((PERIOD_US * megabytes) / MEGABYTES_OF_ONE_CPU);
  return (
    group('/sys/fs/cgroup/cpu', { 'cpu.cfs_period_us': PERIOD_US, 'cpu.cfs_quota_us': quotaUs }) ??
    group('/sys/fs/cgroup', { 'cpu.max': `${quotaUs} ${PERIOD_US}` })
  );
}

/** Version 1 has a tree for processors, version 2 one for all. https://docs.kernel.org/scheduler/sched-bwc.html */
function group(root: string, settings: Readonly<Record<string, string | number>>): CpuShare | undefined {
  const folder = join(root, `scan-response-bench-${process.pid}`);
  const dispose = () => rmdirSync(folder);
  try {
    mkdirSync(folder);
  } catch {
    return undefined;
  }
  try {
    for (const [name, value] of Object.entries(settings)) writeFileSync(join(folder, name), String(value));
    return { file: join(folder, 'cgroup.procs'), dispose };
  } catch {
    dispose();
    return undefined;
  }
}
