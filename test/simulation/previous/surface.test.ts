import { expect, test } from 'vitest';
import { PREVIOUS } from './release.ts';
import { surfaceOfRelease } from './surface.ts';

/** The doctor's first day: neither reconciler nor folding. */
const TOO_OLD = '689d784c046916c8cef51f0d18cd6b2b60c56cb1';

/** Before a walk read the baselines. */
const WITHOUT_BASELINES = '9f037c588a4eaae7c744e1e593f84e725cb4f760';

test('where the history is not there it says so', async () => {
  const found = await surfaceOfRelease({ ...PREVIOUS, revision: '0'.repeat(40) });
  expect(found).toEqual({ missing: expect.stringContaining('is not in this copy of the history') });
});

test('a release that is too old is refused with what it lacks and what to do', async ({ skip }) => {
  const found = await surfaceOfRelease({ ...PREVIOUS, revision: TOO_OLD }).catch((error: Error) => error);
  if ('missing' in found) skip(found.missing);
  expect((found as Error).message).toMatch(/lib\/reconcile\/reconcile\.ts.*move PREVIOUS in/);
});

test('a release that lacks a function is refused by its name', async ({ skip }) => {
  const found = await surfaceOfRelease({ ...PREVIOUS, revision: WITHOUT_BASELINES, lacks: [] }).catch(
    (error: Error) => error,
  );
  if ('missing' in found) skip(found.missing);
  expect((found as Error).message).toContain('loadBaselines');
});
