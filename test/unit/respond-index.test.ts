import { expect, test } from 'vitest';
import { type ResponsePorts, respond } from '../../lib/respond.ts';
import { aDigest, anImageOf } from '../build/lineage.ts';
import { aReading } from '../build/reading.ts';
import { aRegistered } from '../build/registered.ts';
import { aWorld, memoryResponse } from '../doubles/memory-response.ts';

const A = aDigest('a');

/** One tagged image with a finding, and the names of what is written about it. */
function aScene(indexFindings: () => Promise<void> = async () => undefined) {
  const world = aWorld();
  world.images.set(A, aRegistered(A, ['latest']));
  world.scans.set(A, aReading(['CVE-1']));
  const memory = memoryResponse(world);
  const writes: string[] = [];
  const ports: ResponsePorts = {
    ...memory.ports,
    async enqueue(delivery) {
      writes.push(delivery.kind);
      await memory.ports.enqueue(delivery);
    },
    async indexFindings() {
      writes.push('index');
      await indexFindings();
    },
    async saveOpenFindings(...written) {
      writes.push('baseline');
      await memory.ports.saveOpenFindings(...written);
    },
  };
  return { memory, writes, hint: () => respond(anImageOf(A), 0, ports) };
}

test('people are told before the index is written, and the baselines come after both', async () => {
  const { writes, hint } = aScene();
  await hint();
  expect(writes).toEqual(['measurement', 'notice', 'index', 'baseline', 'baseline']);
});

test('what was answered already is indexed when it is looked at again', async () => {
  const { writes, hint } = aScene();
  await hint();
  writes.length = 0;
  const [answer] = await hint();
  expect(answer?.decision.reason).toBe('already-answered');
  expect(writes).toEqual(['index']);
});

test('an index that cannot be written is written by the next try, and nobody hears twice', async () => {
  let tries = 0;
  const { memory, hint } = aScene(async () => {
    tries += 1;
    if (tries === 1) throw new Error('throttled');
  });
  await expect(hint()).rejects.toThrow('throttled');
  const told = memory.told();
  const [answer] = await hint();
  expect(tries).toBe(2);
  expect(answer?.decision.reason).toBe('already-answered');
  expect(memory.told()).toEqual(told);
  expect(memory.open('latest')).toMatchObject({ digest: A });
});
