import { expect, test } from 'vitest';
import type { Policy } from '../../lib/policy/policy.ts';
import { respond } from '../../lib/respond.ts';
import type { Reading } from '../../lib/scan/scan.ts';
import { countBySeverity } from '../../lib/scan/severity.ts';
import { aDigest, anImageOf, at } from '../build/lineage.ts';
import { anUnscannable, aReading } from '../build/reading.ts';
import { aRegistered } from '../build/registered.ts';
import { aWorld, memoryResponse } from '../doubles/memory-response.ts';

const A = aDigest('a');
// The clock of the ports begins at three o'clock UTC.
const QUIET: Policy = {
  ...{ trackedTags: ['latest'], notifyAt: 'HIGH' },
  quietHours: { from: '22:00', to: '07:00', zone: 'UTC' },
};

const highs = (...ids: readonly string[]) => aReading(ids, 'HIGH', `02:1${ids.length}`);

/** The same, and one critical finding. */
function withCritical(...ids: readonly string[]): Reading {
  const findings = [...aReading(['worst']).findings, ...highs(...ids).findings];
  return { ...highs(...ids), findings, counts: countBySeverity(findings) };
}

/** Everything that the readings of an image queue, one after the other. */
async function queued(...readings: readonly Reading[]) {
  const world = aWorld();
  world.images.set(A, aRegistered(A, ['latest']));
  const memory = memoryResponse(world, { policyOf: async () => QUIET });
  for (const reading of readings) {
    world.scans.set(A, reading);
    await respond(anImageOf(A), 0, memory.ports);
  }
  return memory.queued;
}

test.each([
  ['high findings wait', [highs('a', 'b')], [['first-scan', at('07:00')]]],
  ['criticals do not', [withCritical('a', 'b')], [['first-scan', undefined]]],
  [
    'nor does what is better while one is open',
    [withCritical('a', 'b'), withCritical('a')],
    [
      ['first-scan', undefined],
      ['better', undefined],
    ],
  ],
  [
    'that all is clear waits',
    [highs('a'), highs()],
    [
      ['first-scan', at('07:00')],
      ['resolved', at('07:00')],
    ],
  ],
  ['that it is not scanned waits', [anUnscannable()], [['not-scanned', at('07:00')]]],
] as const)('%s', async (_, readings, expected) => {
  const notices = (await queued(...readings)).flatMap((it) => (it.kind === 'notice' ? [it] : []));
  expect(notices.map(({ reason, notBefore }) => [reason, notBefore])).toEqual(expected);
});

test('a measurement never waits', async () => {
  const [measurement] = await queued(highs('a', 'b'));
  expect(measurement).toMatchObject({ kind: 'measurement' });
  expect(measurement).not.toHaveProperty('notBefore');
});
