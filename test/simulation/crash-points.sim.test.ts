import { expect, test } from 'vitest';
import { asIs } from './ledger/planted.ts';
import { crashVerdict } from './ledger/suite.ts';
import { REPLIES, SINK_KINDS } from './ledger/world.ts';

const TIMEOUT_MS = 240_000;

test(
  'R2: one, two and three crash points, every reply, every sink',
  async () => {
    const plans = SINK_KINDS.flatMap((kind) =>
      REPLIES.map((reply) => ({ kind, replies: [reply], crashes: [] })),
    );
    const { runs, wrong } = await crashVerdict(plans, 3, asIs);
    expect(wrong).toEqual([]);
    expect(runs).toBeGreaterThanOrEqual(15_000);
    process.stdout.write(`R2: ${runs} runs of up to three crashes, ${wrong.length} wrong\n`);
  },
  TIMEOUT_MS,
);

test(
  'R2: one and two crash points, every sequence of three replies',
  async () => {
    const plans = SINK_KINDS.flatMap((kind) =>
      REPLIES.flatMap((one) =>
        REPLIES.flatMap((two) => REPLIES.map((three) => ({ kind, replies: [one, two, three], crashes: [] }))),
      ),
    );
    const { runs, wrong } = await crashVerdict(plans, 1, asIs);
    expect(wrong).toEqual([]);
    process.stdout.write(`R2: ${runs} runs of every three replies, ${wrong.length} wrong\n`);
  },
  TIMEOUT_MS,
);
