import { spread } from './figure.ts';
import { figureOf, type Results, type Sample } from './results.ts';
import { MEGABYTES_OF_ONE_CPU } from './share.ts';

/** What a function is called for. */
export type Scene =
  | 'one tag'
  | 'two tags'
  | 'two tags, one batch'
  | 'nothing new'
  | 'something new'
  | 'a task'
  | 'a run';

/** Under which name the figures of a scene are kept. */
export const nameOf = {
  cpu: (scene: Scene) => `${scene}: CPU`,
  waits: (scene: Scene) => `${scene}: waits`,
  clock: (scene: Scene, megabytes: number) => `${scene}: at ${megabytes} MB`,
};

/** What something held is kept under this and the case. */
export const PEAK = 'most memory: ';

/** Whether it is of the part `sizes`, which is kept by itself. */
export function isOfSizes({ what }: Sample): boolean {
  return what.startsWith(PEAK) || /: (?:CPU|waits|at \d+ MB)$/.test(what);
}

/** Before ours is loaded: nodejs24.x on arm64, of which a start is billed. 2026-08: https://github.com/maxday/lambda-perf */
const LAMBDA_START_MS = 120;
/** What Lambda's own processes take beside ours: its "Max Memory Used" of a function that does nothing is 75 MB, and Node alone is 45 here. */
export const LAMBDA_MIB = 30;

/** What one function's time is made of in a scene. */
export interface Work {
  readonly initCpuMs: number;
  readonly initWaitMs: number;
  readonly firstCpuMs: number;
  readonly firstWaitMs: number;
  readonly warmCpuMs: number;
  readonly warmWaitMs: number;
}

/** How long an event takes; a start is billed as well. https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/ */
export interface Times {
  /** A start and its first event. */
  readonly coldMs: number;
  readonly warmMs: number;
}

/** At the share of a processor that so much memory has: the start alone has a whole one. */
export function timesAt(work: Work, megabytes: number): Times {
  const share = Math.min(1, megabytes / MEGABYTES_OF_ONE_CPU);
  return {
    coldMs: LAMBDA_START_MS + work.initCpuMs + work.initWaitMs + work.firstWaitMs + work.firstCpuMs / share,
    warmMs: work.warmWaitMs + work.warmCpuMs / share,
  };
}

/** Of the rounds the least: what others do on the machine adds to a figure and takes nothing off. Throws where it was not measured. */
export function workOf(results: Results, scene: Scene, program: string): Work {
  const least = (what: string, value: string): number => {
    const figure = figureOf(results, what, program, value);
    if (!figure) throw new Error(`${what} of ${program} was not measured: npm run bench -- sizes`);
    return spread(figure).least;
  };
  const [cpu, waits] = [nameOf.cpu(scene), nameOf.waits(scene)];
  return {
    ...{ initCpuMs: least(cpu, 'initCpuMs'), initWaitMs: least(waits, 'initWaitMs') },
    ...{ firstCpuMs: least(cpu, 'firstCpuMs'), firstWaitMs: least(waits, 'firstWaitMs') },
    ...{ warmCpuMs: least(cpu, 'warmCpuMs'), warmWaitMs: least(waits, 'warmWaitMs') },
  };
}

/** The most that it was seen to hold, in MiB, and in which case. */
export function mostMemory(
  { samples }: Results,
  program: string,
): { readonly mib: number; readonly of: string } {
  const all = samples
    .filter((it) => it.program === program && it.what.startsWith(PEAK))
    .map(({ what, values }) => ({ mib: values.peakMiB ?? 0, of: what.slice(PEAK.length) }));
  const [most] = all.sort((a, b) => b.mib - a.mib);
  if (!most) throw new Error(`the most memory of ${program} was not measured: npm run bench -- sizes`);
  return most;
}
