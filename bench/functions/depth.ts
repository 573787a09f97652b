import { type Bench, type Load, measureAgain, measureObvious, measureOurs } from './bench.ts';
import type { Asked } from './front.ts';
import type { Measured } from './measure.ts';
import type { Program } from './programs.ts';
import { roundTrips } from './round-trips.ts';

/** Longer than a process takes from one request to the next that does not wait for it, on a machine that is shared. */
const QUIET_MS = 200;
const ONE: Load = { kind: 'basic', findings: 10, images: 1 };

/** Requests of a first event, and how many of them are behind each other: the same on every machine. */
export async function depth(bench: Bench): Promise<void> {
  bench.say('requests and round trips of an event');
  const { front } = bench.origins;
  front.setPace({ quietMs: QUIET_MS });
  try {
    const done = (program: Program, { asked }: Measured) => {
      const rounds = roundTrips(asked);
      bench.say(`${program.name}: ${callsByRound(asked)}`);
      const values = { requests: asked.length, rounds };
      bench.record({ what: 'one event', program: program.name, round: 1, values });
    };
    await measureOurs(bench, ONE, {}, done);
    await measureAgain(bench, {}, done);
    await measureObvious(bench, ONE, {}, done);
  } finally {
    front.setPace({ delayMs: 0 });
  }
}

/** `1 GetItem, 2 PutItem ×10 …`: what goes together, and what waits for it. */
function callsByRound(asked: readonly Asked[]): string {
  const counts = new Map<string, number>();
  for (const { round, operation } of asked) {
    const call = `${round} ${operation}`;
    counts.set(call, (counts.get(call) ?? 0) + 1);
  }
  return [...counts].map(([call, count]) => (count > 1 ? `${call} ×${count}` : call)).join(', ');
}
