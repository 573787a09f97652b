import type { Life } from '../../../lookup/life.ts';
import type { Use } from '../../../lookup/use.ts';
import { serviceName } from '../words.ts';

/** What one service ran of a tag's images. */
export interface Lane {
  readonly name: string;
  readonly bars: readonly Bar[];
}

interface Bar {
  readonly fromMs: number;
  readonly toMs: number;
  /** No end was told and no task is known to run. */
  readonly isOpen: boolean;
  readonly tasks: number;
  readonly digest: Life['digest'];
}

/** One lane for each service, the one that ran something last first; no more than `most` of them. */
export function lanesOf(
  lives: Iterable<Life>,
  nowMs: number,
  most: number,
): { lanes: readonly Lane[]; more: number } {
  const byName = new Map<string, Map<string, Bar>>();
  for (const { digest, runs } of lives)
    for (const run of runs) {
      const bars = byName.get(laneName(run)) ?? new Map<string, Bar>();
      byName.set(
        laneName(run),
        bars.set(`${run.deployment} ${run.name} ${run.digest}`, barOf(run, digest, nowMs)),
      );
    }
  const lanes = [...byName].map(([name, bars]) => ({ name, bars: [...bars.values()] }));
  const newest = ({ bars }: Lane) => Math.max(...bars.map(({ fromMs }) => fromMs));
  const sorted = lanes.sort((a, b) => newest(b) - newest(a) || (a.name < b.name ? -1 : 1));
  return { lanes: sorted.slice(0, most), more: Math.max(0, sorted.length - most) };
}

function laneName(run: Use): string {
  return serviceName(run);
}

function barOf({ startedAt, lastStoppedAt, tasks }: Use, digest: Life['digest'], nowMs: number): Bar {
  const fromMs = Date.parse(startedAt);
  const isOpen = tasks === 0 && lastStoppedAt === undefined;
  const toMs = tasks > 0 ? nowMs : lastStoppedAt ? Date.parse(lastStoppedAt) : fromMs;
  return { fromMs, toMs, isOpen, tasks, digest };
}
