import { LAMBDA_MIB, mostMemory, type Scene, timesAt, workOf } from './memory-time.ts';
import type { Results } from './results.ts';

/** What a function of ours may have; a whole processor is the last. */
export const SIZES_MB = [128, 192, 256, 512, 1024, 1769] as const;
/** What is left for what was not measured. */
const MOST_OF_IT = 0.75;

/** One size that a function could have. */
export interface Size {
  readonly megabytes: number;
  readonly coldMs: number;
}

export interface Needs {
  /** Of the process, in its largest case. */
  readonly mostMib: number;
  /** How long a start and the first event may take. */
  readonly longestColdMs: number;
}

export interface Choice {
  readonly megabytes: number;
  readonly why: string;
}

/**
 * The smallest size that holds the largest case, Lambda's own part included, in three quarters of it, and whose cold start
 * is no longer than anybody waits. Where none is so fast, the smallest that is within a fifth of the fastest. Throws
 * where none holds it.
 */
export function chooseMemory(sizes: readonly Size[], { mostMib, longestColdMs }: Needs): Choice {
  const fits = ({ megabytes }: Size) => mostMib + LAMBDA_MIB <= MOST_OF_IT * megabytes;
  const holding = [...sizes].sort((a, b) => a.megabytes - b.megabytes).filter(fits);
  const [least] = holding;
  if (!least) throw new Error(`no size holds ${mostMib} MiB`);
  const fast = holding.find(({ coldMs }) => coldMs <= longestColdMs);
  if (fast) {
    const why =
      fast === least ? 'the smallest that holds it' : `the smallest that starts in ${longestColdMs} ms`;
    return { megabytes: fast.megabytes, why };
  }
  const fastestMs = Math.min(...holding.map(({ coldMs }) => coldMs));
  const near = holding.find(({ coldMs }) => coldMs <= fastestMs * 1.2) ?? least;
  return {
    megabytes: near.megabytes,
    why: `none starts in ${longestColdMs} ms: within a fifth of the fastest`,
  };
}

/** Who waits for a function, and how it is called; the dearest event that is common. */
interface Wanted {
  readonly scene: Scene;
  readonly longestColdMs: number;
  readonly who: string;
}

// A scan and what tells of it, both cold, take three seconds of the minute within which people hear. Who looks something up
// that was pushed or deployed three seconds ago did not hear of it from us.
const HEARD = { scene: 'something new', longestColdMs: 1500, who: 'people hear by it' } as const;
const SHOWN = { longestColdMs: 3000, who: 'look-ups show it' } as const;
const NOBODY = { scene: 'a run', longestColdMs: 10_000, who: 'nobody waits' } as const;

export const WANTED: Readonly<Record<string, Wanted>> = {
  'image-pushed': { scene: 'one tag', ...SHOWN },
  'scan-completed': HEARD,
  'deliver-datadog': HEARD,
  'deliver-slack': HEARD,
  'deliver-sns': HEARD,
  'image-deployed': { scene: 'a task', ...SHOWN },
  heartbeat: NOBODY,
  reconcile: NOBODY,
};

/** What these figures say that a function should have. */
export function choiceFor(results: Results, name: string): Choice {
  const wanted = WANTED[name];
  if (!wanted) throw new Error(`nobody said who waits for ${name}`);
  const work = workOf(results, wanted.scene, name);
  const sizes = SIZES_MB.map((megabytes) => ({ megabytes, coldMs: timesAt(work, megabytes).coldMs }));
  const { longestColdMs } = wanted;
  return chooseMemory(sizes, { mostMib: mostMemory(results, name).mib, longestColdMs });
}
