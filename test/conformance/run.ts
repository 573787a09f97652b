import { afterAll, describe, expect, test } from 'vitest';
import { batches } from './cases/batches.ts';
import { conditions } from './cases/conditions.ts';
import { indexes } from './cases/indexes.ts';
import { limits } from './cases/limits.ts';
import { queries } from './cases/queries.ts';
import { store } from './cases/store.ts';
import { updates } from './cases/updates.ts';
import type { Database } from './database.ts';
import { DIFFERENCES, type Implementation, UNSTEADY } from './differences.ts';
import { type ConformanceCase, openScene } from './scene.ts';

const CASES: readonly ConformanceCase[] = [
  ...conditions,
  ...updates,
  ...queries,
  ...indexes,
  ...limits,
  ...batches,
  ...store,
];

/**
 * Registers one test for each promise of DynamoDB that the service relies on. Where an implementation is known to
 * differ from AWS's documents the test asks for exactly that difference: a new one fails, and so does one that is
 * gone. At the end the known ones are printed.
 */
export function testConformance(implementation: Implementation, open: () => Database): void {
  const known = DIFFERENCES.filter(({ saw }) => implementation in saw);

  describe(`${implementation}: ${CASES.length} promises of DynamoDB`, () => {
    const rows = CASES.map((each, index) => ({ ...each, pk: `case-${index}` }));
    test.for(rows)('$name', async ({ name, run, expected, pk }, { skip }) => {
      const difference = known.find((each) => each.name === name);
      if (difference?.saw[implementation] === UNSTEADY) return skip(UNSTEADY);
      const saw = await run(openScene(open(), pk)).catch(threw);
      expect(saw).toEqual(difference ? difference.saw[implementation] : expected);
    });

    test('every difference that is written down is about one of the cases', () => {
      const names = CASES.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(known.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual([]);
    });

    afterAll(() => {
      process.stdout.write(tableOf(implementation));
    });
  });
}

function threw({ name }: Error): string {
  return `threw ${name}`;
}

function tableOf(implementation: Implementation): string {
  const rows = DIFFERENCES.flatMap(({ name, saw, aws, source }) => {
    if (!(implementation in saw)) return [];
    return [`- ${name}\n    here:   ${JSON.stringify(saw[implementation])}\n    on AWS: ${aws} (${source})`];
  });
  const title = `${implementation} differs from AWS, which is right, in ${rows.length} of ${CASES.length} cases`;
  return `${[title, ...rows].join('\n')}\n`;
}
