import { describe, expect, test } from 'vitest';
import { chance } from './chance.ts';
import { type Hooks, PLANTS, rememberAll } from './lineage.ts';
import { makeScene, shuffled } from './lineage-scene.ts';
import { isFull, record } from './report/row.ts';

// R4: what happened to a repository, told in any order and more than once, leaves the same table.

const SCENES = Number(process.env.SCENES ?? (isFull ? 4_000 : 25));
const ORDERS = isFull ? 50 : 20;
const MOST_EVENTS = 40;

/** `SEED=7` looks at that scene alone. */
const SEEDS = process.env.SEED
  ? [Number(process.env.SEED)]
  : Array.from({ length: SCENES }, (_, index) => index + 1);

interface Difference {
  readonly seed: number;
  readonly expected: string;
  readonly found: string;
}

/** The first order of a scene that leaves another table than the scene as it is; undefined when none does. */
async function differenceIn(seed: number, orders: number, hooks?: Hooks): Promise<Difference | undefined> {
  const dice = chance(seed);
  const scene = makeScene(dice, MOST_EVENTS);
  const told = [...scene.events, ...scene.scans];
  const { text: expected } = await rememberAll(scene, told, hooks);
  for (let nth = 0; nth < orders; nth += 1) {
    const { text: found } = await rememberAll(scene, shuffled(told, dice), hooks);
    if (found !== expected) return { seed, expected, found };
  }
  return undefined;
}

test(`R4: ${SEEDS.length} scenes, each told in ${ORDERS} orders`, async () => {
  const different: Difference[] = [];
  for (const seed of SEEDS) {
    const difference = await differenceIn(seed, ORDERS);
    if (difference) different.push(difference);
  }
  record({
    id: 'R4',
    size: SEEDS.length * ORDERS,
    promise: 'Told in any order, with duplicates and ties, events leave the same lineage',
    target: '200,000 orders of up to 40 events: 0 different tables; as-of as a sorted list says',
    measured: { orders: SEEDS.length * ORDERS, different: different.length },
    pass: different.length === 0,
  });
  const [first] = different;
  if (first) process.stdout.write(`R4: SEED=${first.seed} (and ${different.length - 1} more)\n`);
  expect(first?.found).toEqual(first?.expected);
}, 3_600_000);

describe('R4: a store that has forgotten a rule is found out', () => {
  test.each(Object.entries(PLANTS))('%s', async (_, hooks) => {
    for (let seed = 1; seed <= 60; seed += 1) {
      if (await differenceIn(seed, 5, hooks)) return;
    }
    expect.fail('no order made a difference');
  });
});
