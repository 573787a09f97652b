import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../lib/lifecycle/evaluate.ts';
import { parseLifecyclePolicy } from '../../lib/lifecycle/parse.ts';
import { NOW } from '../build/stored.ts';
import { type Misreading, naively, type PlainImage, type PlainPolicy } from './lifecycle/naive.ts';
import { asStored, worlds } from './lifecycle/worlds.ts';
import { isFull } from './report/row.ts';

/** 100,000 repositories with a policy each by `npm run test:simulation`; a part of them by `npm test`. */
const REPOSITORIES = Number(process.env.REPOSITORIES ?? (isFull ? 100_000 : 10_000));
const SEED = 20_261_121;

interface World {
  readonly images: readonly PlainImage[];
  readonly policy: PlainPolicy;
}

function byProduct({ images: plain, policy }: World) {
  const parsed = parseLifecyclePolicy(JSON.stringify(policy));
  if ('errors' in parsed) throw new Error(`a policy that ECR takes: ${JSON.stringify(parsed.errors)}`);
  const { images, listings } = asStored(plain);
  return evaluate(parsed.rules, images, listings, NOW).map(({ fate, rule }) => ({
    fate,
    rule: rule?.priority,
  }));
}

function byTheOther({ images, policy }: World, misreading?: Misreading) {
  const outcomes = naively(policy, images, new Date(NOW), misreading);
  return images.map(({ name }) => ({ fate: outcomes.get(name)?.fate, rule: outcomes.get(name)?.rule }));
}

describe('the evaluation of lifecycle policies and a second, naive one', () => {
  test(`say the same of ${REPOSITORIES} repositories and policies`, () => {
    const fates = { kept: 0, expires: 0, archived: 0 };
    fc.assert(
      fc.property(worlds, (world) => {
        const verdicts = byProduct(world);
        for (const { fate } of verdicts) fates[fate] += 1;
        expect(verdicts).toEqual(byTheOther(world));
      }),
      { numRuns: REPOSITORIES, seed: SEED },
    );
    // Every fate is met often: the same answer is not always "kept".
    for (const count of Object.values(fates)) expect(count).toBeGreaterThan(REPOSITORIES / 10);
  });

  test.each<keyof Misreading>([
    'keptImagesAreFree',
    'marksAreNotCounted',
    'anyTagIsEnough',
    'listsDoNotHold',
    'artifactsStay',
    'classesShareClaims',
    'restorationsAreIgnored',
  ])('differ when the documentation is misread: %s', (misreading) => {
    const found = fc.check(
      fc.property(worlds, (world) => {
        expect(byProduct(world)).toEqual(byTheOther(world, { [misreading]: true }));
      }),
      { numRuns: 5_000, seed: SEED, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  });
});
