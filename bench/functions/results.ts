import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import type { Figure } from './figure.ts';

const SCHEMA = 'scan-response.bench/v1';

/** What one process took in one round. */
export interface Sample {
  readonly what: string;
  readonly program: string;
  readonly round: number;
  readonly values: Readonly<Record<string, number>>;
}

/** One run of the command. */
export interface Results {
  readonly schema: typeof SCHEMA;
  readonly run: string;
  /** ISO 8601. */
  readonly at: string;
  readonly commit: string;
  readonly node: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly kernel: string;
    /** The load of the last minute when it began: above 0.5 the machine did something else too. */
    readonly load: number;
  };
  readonly rounds: number;
  /** What could not be measured here, and why. */
  readonly notMeasured: readonly string[];
  readonly samples: readonly Sample[];
}

export function describeRun(node: string, rounds: number): Omit<Results, 'samples' | 'notMeasured'> {
  return {
    ...{ schema: SCHEMA, run: randomUUID(), at: new Date().toISOString(), rounds },
    commit: execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], {
      encoding: 'utf8',
    }).trim(),
    node: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      kernel: release(),
      load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    },
  };
}

/** Throws for a file of another form. */
export function readResults(file: string): Results {
  const results = JSON.parse(readFileSync(file, 'utf8')) as Results;
  if (results.schema !== SCHEMA) throw new Error(`${file} is not of the form ${SCHEMA}`);
  return results;
}

/** What was measured of a program; undefined when it was not. */
export function figureOf(
  { run, samples }: Results,
  what: string,
  program: string,
  value: string,
): Figure | undefined {
  const found = samples.filter((it) => it.what === what && it.program === program && value in it.values);
  if (found.length === 0) return undefined;
  return { run, byRound: new Map(found.map(({ round, values }) => [round, values[value] ?? Number.NaN])) };
}
