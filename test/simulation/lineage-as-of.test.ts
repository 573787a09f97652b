import { expect, test } from 'vitest';
import { chance } from './chance.ts';
import { rememberAll } from './lineage.ts';
import { askWho, instantsAround, naively } from './lineage-as-of.ts';
import { makeScene, shuffled } from './lineage-scene.ts';
import { isFull, record } from './report/row.ts';

// R4: asked for any instant, the look-up says what a list of all that happened says.

const SEEDS = process.env.SEED
  ? [Number(process.env.SEED)]
  : Array.from({ length: isFull ? 1000 : 10 }, (_, index) => index + 1);

test(`R4: as of every instant that matters in ${SEEDS.length} scenes`, async () => {
  let asked = 0;
  const wrong: object[] = [];
  for (const seed of SEEDS) {
    const dice = chance(seed);
    const scene = makeScene(dice, 40);
    const { table } = await rememberAll(scene, shuffled(scene.events, dice));
    const tags = [...new Set(scene.events.flatMap(({ tag }) => tag ?? []))];
    for (const at of instantsAround(scene)) {
      const tag = tags[dice.between(0, tags.length)];
      if (!tag) continue;
      asked += 1;
      const [found, expected] = [await askWho(table, tag, at), naively(scene, tag, at)];
      if (JSON.stringify(found) !== JSON.stringify(expected)) wrong.push({ seed, tag, at, found, expected });
    }
  }
  record({
    id: 'R4',
    size: asked,
    promise: 'Told in any order, with duplicates and ties, events leave the same lineage',
    target: '200,000 orders of up to 40 events: 0 different tables; as-of as a sorted list says',
    measured: { 'as-of questions': asked, wrong: wrong.length },
    pass: wrong.length === 0,
  });
  if (wrong[0]) process.stdout.write(`R4 as of: ${JSON.stringify(wrong[0])}\n`);
  expect(wrong[0]).toBeUndefined();
}, 600_000);
