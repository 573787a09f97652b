import { type Bench, type Load, measureObvious, measureOurs } from './bench.ts';
import { spreadOf } from './figure.ts';
import type { Measured } from './measure.ts';
import type { Program } from './programs.ts';

const ROUND_TRIP_MS = 20;
const WARM_UP = 10;
const MEASURED = 20;

/** Events in a process that has had some: CPU of each, and how long each takes at 20 ms for a round trip. */
export async function warm(bench: Bench): Promise<void> {
  const load: Load = { kind: 'basic', findings: 10, images: 1 + WARM_UP + MEASURED };
  for (let round = 1; round <= Math.ceil(bench.rounds / 5); round += 1) {
    for (const delayMs of [0, ROUND_TRIP_MS]) {
      const what = delayMs > 0 ? `warm at ${delayMs} ms` : 'warm';
      bench.say(`${what}, round ${round}`);
      await at(bench, delayMs, async () => {
        const done = (program: Program, measured: Measured) =>
          bench.record({ what, program: program.name, round, values: warmValues(measured, delayMs) });
        await measureOurs(bench, load, { warmUp: WARM_UP }, done);
        await measureObvious(bench, load, { warmUp: WARM_UP }, done);
      });
    }
  }
}

function warmValues({ warm: { each, cpuMs } }: Measured, delayMs: number) {
  const { median } = spreadOf(each);
  return {
    eventMs: median,
    cpuMs: cpuMs / each.length,
    ...(delayMs > 0 && { roundTrips: median / delayMs }),
  };
}

const BATCHES = 4;

/** Ten messages in one batch, and the same one at a time, at 20 ms for a round trip: milliseconds for each message. */
export async function batches(bench: Bench): Promise<void> {
  for (let round = 1; round <= Math.ceil(bench.rounds / 5); round += 1) {
    for (const together of [1, 10]) {
      const what = `batch of ${together}`;
      bench.say(`${what}, round ${round}`);
      const load: Load = { kind: 'basic', findings: 10, images: BATCHES * 10, together };
      const done = (program: Program, { warm: { each } }: Measured) => {
        const messageMs = spreadOf(each).median / together;
        bench.record({ what, program: program.name, round, values: { messageMs } });
      };
      const settings = { warmUp: together === 1 ? 10 : 1 };
      await at(bench, ROUND_TRIP_MS, () => measureOurs(bench, load, settings, done));
    }
  }
}

const SIZES = [10, 1000, 10_000];

/** Scans with more and more findings, basic and enhanced, near and at 20 ms for a round trip. */
export async function findings(bench: Bench): Promise<void> {
  const kinds = ['basic', 'enhanced'] as const;
  for (let round = 1; round <= Math.ceil(bench.rounds / 5); round += 1) {
    for (const [kind, size, delayMs] of kinds.flatMap((kind) =>
      SIZES.flatMap((size) => [0, ROUND_TRIP_MS].map((delayMs) => [kind, size, delayMs] as const)),
    )) {
      const what = `${size} ${kind} at ${delayMs} ms`;
      bench.say(`${what}, round ${round}`);
      const load: Load = { kind, findings: size, images: 3 };
      const done = (program: Program, measured: Measured, events: number) =>
        bench.record({ what, program: program.name, round, values: sizeValues(measured, events) });
      await at(bench, delayMs, async () => {
        await measureOurs(bench, load, {}, done, 'scan-completed');
        await measureObvious(bench, load, {}, done);
      });
    }
  }
}

function sizeValues({ warm: { each, cpuMs }, peak, asked }: Measured, events: number) {
  const toEcr = asked.filter(({ operation }) => operation === 'DescribeImageScanFindings').length;
  return {
    ...{ eventMs: spreadOf(each).median, cpuMs: cpuMs / each.length, peakMiB: peak },
    ...{ ecrRequests: toEcr / events, requests: asked.length / events },
  };
}

async function at(bench: Bench, delayMs: number, act: () => Promise<void>): Promise<void> {
  bench.origins.front.setPace({ delayMs });
  try {
    await act();
  } finally {
    bench.origins.front.setPace({ delayMs: 0 });
  }
}
