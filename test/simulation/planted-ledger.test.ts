import { describe, expect, test } from 'vitest';
import { LEDGER_PLANTS } from './ledger/planted.ts';
import { crashVerdict, interleavingVerdict } from './ledger/suite.ts';
import { REPLIES, SINK_KINDS } from './ledger/world.ts';
import { recordPlanted } from './report/planted.ts';

describe('a mistake that is planted into the ledger is found', () => {
  test.each(LEDGER_PLANTS)('$name: by interleavings', async ({ plant }) => {
    const { wrong } = await interleavingVerdict(0, 400, plant);
    recordPlanted(wrong.length > 0);
    expect(wrong.length).toBeGreaterThan(0);
  });

  test.each(LEDGER_PLANTS.filter(({ showsAlone }) => showsAlone))(
    '$name: by crash points',
    async ({ plant }) => {
      const plans = SINK_KINDS.flatMap((kind) =>
        REPLIES.map((reply) => ({ kind, replies: [reply], crashes: [] })),
      );
      const { wrong } = await crashVerdict(plans, 1, plant);
      expect(wrong.length).toBeGreaterThan(0);
    },
  );
});
