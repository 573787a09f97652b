import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { choiceFor, WANTED } from '../../bench/functions/memory-choice.ts';
import { withSizes } from '../../bench/functions/write.ts';
import { known, pagesWith } from '../simulation/cost-known.ts';
import { packagedMemory } from '../simulation/packaged.ts';
import { ofType, packagedResources } from './template.ts';

const { measured, ...rest } = known();
const REGENERATE = 'npm run bench -- sizes --write, then npm run docs:cost';

describe('the memory of a function', () => {
  test.each(Object.keys(WANTED))('%s: is what the measurements that are kept say', (name) => {
    expect(packagedMemory(name), REGENERATE).toBe(choiceFor(measured, name).megabytes);
  });

  test('was measured for each that the stack has', () => {
    const names = ofType(packagedResources(), 'AWS::Lambda::Function').map(([, { Properties }]) =>
      String(Properties.Handler).replace(/^.*\/(.*)\.handler$/, '$1'),
    );
    expect(names.sort()).toEqual(Object.keys(WANTED).sort());
  });
});

describe('what the pages say', () => {
  test('of sizes is of the run that is kept', () => {
    const page = readFileSync('docs/performance.md', 'utf8');
    expect(withSizes(page, measured), REGENERATE).toBe(page);
  });

  test.each(Object.entries(pagesWith({ measured, ...rest })))(
    'of costs in %s is of what was kept',
    (file, text) => {
      expect(text, REGENERATE).toBe(readFileSync(file, 'utf8'));
    },
  );
});
