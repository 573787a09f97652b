import fc from 'fast-check';
import { expect, test } from 'vitest';
import { debounce } from '../../lib/debounce.ts';
import type { Digest } from '../../lib/image/digest.ts';
import { parseInstant } from '../../lib/instant.ts';
import type { FindingHint } from '../../lib/intake/event.ts';
import { aDigest, anImageOf } from '../build/lineage.ts';

const START_MS = Date.parse('2026-11-20T08:00:00.000Z');
const WINDOW_SECONDS = 120;
/** Twice the tenth of the window that the code allows for: two clocks may be wrong in opposite directions. */
const SKEW_MS = (WINDOW_SECONDS * 1000) / 20;

function aHint(digest: Digest): FindingHint {
  const at = parseInstant('2026-11-20T08:00:00Z');
  return { kind: 'finding-hint', eventId: 'e', at, images: [anImageOf(digest)] };
}

interface Arrival {
  readonly digest: Digest;
  readonly atMs: number;
  /** How wrong the clock of the worker is that answers it. */
  readonly skewMs?: number;
  /** The worker dies between the plan and the hint; the queue hands the message over again after 180 s. */
  readonly crashes?: boolean;
}

/** Answers all arrivals in virtual time; gives when each digest was read, in order. */
async function readingsOf(arrivals: readonly Arrival[]): Promise<ReadonlyMap<Digest, readonly number[]>> {
  const plans = new Map<Digest, number>();
  const readings = new Map<Digest, number[]>();
  const queue = [...arrivals];
  for (;;) {
    queue.sort((a, b) => a.atMs - b.atMs);
    const next = queue.shift();
    if (!next) return readings;
    const { digest, atMs, skewMs = 0, crashes } = next;
    await debounce(aHint(digest), {
      now: () => new Date(atMs + skewMs),
      windowSeconds: WINDOW_SECONDS,
      async planReading(image, dueMs, coveredMs) {
        const planned = plans.get(image.digest);
        if (planned !== undefined && planned > coveredMs) return false;
        plans.set(image.digest, dueMs);
        return true;
      },
      async hintLater(image, _id, _at, delaySeconds) {
        if (crashes) throw new Error('crash');
        const times = readings.get(image.digest) ?? [];
        readings.set(image.digest, [...times, atMs + delaySeconds * 1000].sort());
      },
    }).catch(() => queue.push({ ...next, crashes: false, atMs: atMs + 180_000 }));
  }
}

test('500 findings of three images within a minute are three readings', async () => {
  const digests = [aDigest('a'), aDigest('b'), aDigest('c')];
  const arrivals = Array.from({ length: 500 }, (_, nth) => ({
    digest: digests[nth % 3] ?? aDigest('a'),
    atMs: START_MS + nth * 120,
  }));
  const readings = await readingsOf(arrivals);
  expect([...readings.values()].map(({ length }) => length)).toEqual([1, 1, 1]);
});

test('a finding that comes while the reading runs, or just before, leads to another', async () => {
  const digest = aDigest('a');
  const late = [119_900, 120_000, 120_500].map((afterMs) => ({ digest, atMs: START_MS + afterMs }));
  const readings = await readingsOf([{ digest, atMs: START_MS }, ...late]);
  expect(readings.get(digest)).toEqual([START_MS + 120_000, START_MS + 239_900]);
});

test('every finding is followed by a reading that begins later, whatever the clocks and crashes', async () => {
  const arrival = fc.record({
    digest: fc.constantFrom(aDigest('a'), aDigest('b'), aDigest('c')),
    atMs: fc.integer({ min: START_MS, max: START_MS + 900_000 }),
    skewMs: fc.integer({ min: -SKEW_MS, max: SKEW_MS }),
    crashes: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(arrival, { maxLength: 60 }), async (arrivals) => {
      const readings = await readingsOf(arrivals);
      for (const { digest, atMs } of arrivals) {
        expect(readings.get(digest)?.at(-1)).toBeGreaterThan(atMs);
      }
    }),
    { numRuns: 2_000 },
  );
});
