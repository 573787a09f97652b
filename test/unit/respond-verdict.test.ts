import { expect, test } from 'vitest';
import type { AnsweredImage } from '../../lib/gate/image-verdict.ts';
import { NO_SCAN } from '../../lib/policy/open-findings.ts';
import { type ResponsePorts, respond } from '../../lib/respond.ts';
import type { Reading } from '../../lib/scan/scan.ts';
import { aDigest, anImageOf } from '../build/lineage.ts';
import { aReading } from '../build/reading.ts';
import { aRegistered } from '../build/registered.ts';
import { aWorld, memoryResponse } from '../doubles/memory-response.ts';

const A = aDigest('a');

/** One tagged image, what is written about it in order, and a bus that may fail. */
function aScene(reading: Reading, failures = 0) {
  const world = aWorld();
  world.images.set(A, aRegistered(A, ['latest']));
  world.scans.set(A, reading);
  const memory = memoryResponse(world, {
    patience: { graceSeconds: 0, readinessSeconds: 0, retrySeconds: 1 },
  });
  const writes: string[] = [];
  const told: AnsweredImage[] = [];
  let left = failures;
  const ports: ResponsePorts = {
    ...memory.ports,
    async enqueue(delivery) {
      writes.push(delivery.kind);
      await memory.ports.enqueue(delivery);
    },
    async saveOpenFindings(...written) {
      writes.push('baseline');
      await memory.ports.saveOpenFindings(...written);
    },
    async tellVerdict(answered) {
      writes.push('verdict');
      if (left-- > 0) throw new Error('no bus');
      told.push(answered);
    },
  };
  return { world, memory, writes, told, hint: () => respond(anImageOf(A), 0, ports) };
}

test('a verdict is told after people have been, and before the baselines', async () => {
  const { writes, told, hint } = aScene(aReading(['CVE-1']));
  await hint();
  expect(writes).toEqual(['measurement', 'notice', 'verdict', 'baseline', 'baseline']);
  expect(told).toMatchObject([{ image: { digest: A }, kind: 'image', references: ['latest'] }]);
});

test('a bus that fails loses no alert: what was queued stays, and the next try tells it', async () => {
  const { memory, told, hint } = aScene(aReading(['CVE-1']), 1);
  await expect(hint()).rejects.toThrow('no bus');
  expect(memory.open('latest')?.scanKey).toBe(NO_SCAN);
  const heard = memory.told();
  expect(heard).toHaveLength(2);
  await hint();
  expect(told).toHaveLength(1);
  expect(memory.told()).toEqual(heard);
});

test('what was answered already has no second verdict', async () => {
  const { told, hint } = aScene(aReading(['CVE-1']));
  await hint();
  await hint();
  expect(told).toHaveLength(1);
});

test.each<[string, Reading, readonly string[]]>([
  ['could not be scanned', { state: 'unscannable', status: 'FAILED' }, ['notice', 'verdict']],
  ['was never scanned', { state: 'pending', status: 'NOT_FOUND' }, ['notice', 'verdict']],
])('what %s is told as well, after people have been', async (_, reading, order) => {
  const { writes, told, hint } = aScene(reading);
  await hint();
  expect(writes).toEqual(order);
  expect(told).toMatchObject([{ readings: [{ reading }] }]);
});

test('an image that is gone has none', async () => {
  const { told, hint } = aScene({ state: 'gone' });
  await hint();
  expect(told).toEqual([]);
});
