import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { env, execPath } from 'node:process';
import { text } from 'node:stream/consumers';
import type { Asked } from './front.ts';
import { heapLimits } from './heap-limits.ts';
import type { Origins } from './origins.ts';
import type { Program } from './programs.ts';

const PROBE = ['--require', resolve('bench/functions/route.cjs'), 'bench/functions/probe.cjs'];

/** What one process is given. */
export interface Job {
  readonly program: Program;
  /** The first is the cold one. */
  readonly events: readonly object[];
  /** How many after the first are not measured. */
  readonly warmUp?: number;
  /** The file of a group of the kernel's that the process joins once it has loaded. */
  readonly cpuGroup?: string | undefined;
}

interface Spent {
  readonly ms: number;
  readonly cpuMs: number;
}

/** What one process took. */
export interface Measured {
  readonly init: Spent;
  readonly first: Spent;
  /** The events after the warm-up: each one's time, and the CPU of all. */
  readonly warm: { readonly each: readonly number[]; readonly cpuMs: number };
  /** The most memory, in MiB: after the first event, and at the end. */
  readonly peakCold: number;
  readonly peak: number;
  /** Modules of Node's that it had loaded after the first event. */
  readonly loaded: { readonly modules: number; readonly undici: boolean };
  /** From before the start of the process to its end. */
  readonly wallMs: number;
  readonly asked: readonly Asked[];
  /** TLS handshakes. */
  readonly connections: number;
}

let processes = 0;

/** With `BENCH_PROFILE=<folder>` each process leaves a profile of its CPU there, and no figure means anything. */
function profiling(name: string): readonly string[] {
  if (!env.BENCH_PROFILE) return [];
  processes += 1;
  const file = `${name.replaceAll(' ', '-')}.${processes}.cpuprofile`;
  return [
    '--cpu-prof',
    '--cpu-prof-dir',
    env.BENCH_PROFILE,
    '--cpu-prof-name',
    file,
    '--cpu-prof-interval',
    '200',
  ];
}

export type Measure = (job: Job) => Promise<Measured>;

/**
 * Measures in processes of their own, one at a time. `node` runs them. A job that fails an event rejects with what the
 * process said: what does not do its work is fast, and no figure.
 */
export async function startMeasuring(
  { front, certificate }: Origins,
  node = execPath,
): Promise<{ readonly measure: Measure; readonly trusted: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'scan-response-bench-'));
  const [jobFile, resultFile, trusted] = ['job.json', 'result.json', 'trusted.pem'].map((it) =>
    join(folder, it),
  ) as [string, string, string];
  await writeFile(trusted, certificate);

  async function measure({ program, events, warmUp = 0, cpuGroup }: Job): Promise<Measured> {
    const { name, file, exportName } = program;
    const limits = heapLimits(program.environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE);
    await writeFile(jobFile, JSON.stringify({ file, exportName, events, warmUp, cpuGroup }));
    front.taken();
    const startedMs = performance.now();
    const child = spawn(node, [...limits, ...profiling(name), ...PROBE, jobFile, resultFile], {
      env: {
        ...program.environment,
        ...{ NODE_EXTRA_CA_CERTS: trusted, BENCH_FRONT_PORT: String(front.port) },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [said, complaints, [exit, endedMs]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit').then(([code]) => [code, performance.now()] as const),
    ]);
    if (exit !== 0) throw new Error(`${name} ended with ${exit}:\n${complaints}${said}`);
    const result = JSON.parse(await readFile(resultFile, 'utf8'));
    if (result.failures > 0) throw new Error(`${name} failed ${result.failures} messages:\n${said}`);
    return { ...result, wallMs: endedMs - startedMs, ...front.taken() };
  }
  return { measure, trusted, close: () => rm(folder, { recursive: true, force: true }) };
}
