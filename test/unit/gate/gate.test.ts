import { expect, test } from 'vitest';
import { type GatePorts, gate } from '../../../lib/gate/gate.ts';
import type { RegisteredImage } from '../../../lib/image/record.ts';
import type { Reading } from '../../../lib/scan/scan.ts';
import { NO_FINDINGS } from '../../../lib/scan/severity.ts';
import { aDigest, aRepository, at } from '../../build/lineage.ts';

const image: RegisteredImage = {
  image: { repository: aRepository(), digest: aDigest('a') },
  kind: 'image',
  tags: [],
  pushedAt: at('01:00'),
};
const question = { limits: { CRITICAL: 0 }, onlyFixable: false, ignored: () => false };
const clean: Reading = { state: 'scanned', type: 'basic', counts: NO_FINDINGS, findings: [] };
const pending: Reading = { state: 'pending', status: 'PENDING' };

/** A clock that only sleeping moves, and a registry that answers what it is told at a time. */
function world(answer: (nowMs: number) => Reading | Error) {
  const pauses: number[] = [];
  let nowMs = 0;
  const ports: GatePorts = {
    clockMs: () => nowMs,
    async sleep(ms) {
      pauses.push(ms);
      nowMs += ms;
    },
    findPlatforms: async () => undefined,
    async findScan() {
      const it = answer(nowMs);
      if (it instanceof Error) throw it;
      return it;
    },
    mayPass: (error) => (error as Error).message === 'later',
    onWait: () => undefined,
  };
  return { ports, pauses };
}

test('pauses double up to 15 s, and the last look is when the time is over', async () => {
  const { ports, pauses } = world(() => pending);
  const { judgement, waitedMs } = await gate(image, question, 60_000, ports);
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  expect({ verdict: judgement.verdict, waitedMs }).toEqual({ verdict: 'unscanned', waitedMs: 60_000 });
});

test('a scan that ends at the very last moment is taken', async () => {
  const { ports } = world((nowMs) => (nowMs >= 10_000 ? clean : pending));
  expect((await gate(image, question, 10_000, ports)).judgement.verdict).toBe('passed');
});

test('without time it looks once', async () => {
  const { ports, pauses } = world(() => pending);
  await gate(image, question, 0, ports);
  expect(pauses).toEqual([]);
});

test('what may work later is tried again until the time is over; what may not is thrown at once', async () => {
  const late = world((nowMs) => (nowMs >= 3000 ? clean : new Error('later')));
  expect((await gate(image, question, 10_000, late.ports)).judgement.verdict).toBe('passed');
  const never = world(() => new Error('later'));
  await expect(gate(image, question, 10_000, never.ports)).rejects.toThrow('later');
  expect(never.pauses.reduce((sum, it) => sum + it)).toBe(10_000);
  const denied = world(() => new Error('denied'));
  await expect(gate(image, question, 10_000, denied.ports)).rejects.toThrow('denied');
  expect(denied.pauses).toEqual([]);
});
