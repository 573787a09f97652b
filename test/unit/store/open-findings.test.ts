import { describe, expect, test } from 'vitest';
import { NO_SCAN, type OpenFindings } from '../../../lib/policy/open-findings.ts';
import { NEWEST_PUSH } from '../../../lib/policy/policy.ts';
import { loadOpenFindings, saveOpenFindings, saveTelling } from '../../../lib/store/open-findings.ts';
import { aDigest, aRepository, at } from '../../build/lineage.ts';
import { itemsOf, openTables } from '../../doubles/dynamodb.ts';

const repository = aRepository();

function open(overrides: Partial<OpenFindings> = {}): OpenFindings {
  return {
    reference: 'latest',
    digest: aDigest('a'),
    pushedAt: at('02:00'),
    scanKey: 'key-a',
    ids: ['CVE-2026-1', 'CVE-2026-2'],
    readAt: at('02:10'),
    toldAt: at('02:11'),
    ...overrides,
  };
}

describe('a baseline', () => {
  test('comes back as it was saved, also when nothing is open', async () => {
    const { ledger } = await openTables();
    for (const it of [open(), open({ reference: 'main', ids: [] }), open({ reference: NEWEST_PUSH })]) {
      await saveOpenFindings(ledger, repository, it);
      expect(await loadOpenFindings(ledger, repository, it.reference)).toEqual(it);
    }
  });

  test('is of one reference of one repository', async () => {
    const { ledger } = await openTables();
    await saveOpenFindings(ledger, repository, open());
    expect(await loadOpenFindings(ledger, repository, 'late')).toBeUndefined();
    expect(await loadOpenFindings(ledger, repository, NEWEST_PUSH)).toBeUndefined();
    expect(await loadOpenFindings(ledger, aRepository({ name: 'demo-api/a' }), 'latest')).toBeUndefined();
    expect(await loadOpenFindings(ledger, aRepository({ region: 'us-east-1' }), 'latest')).toBeUndefined();
  });
});

describe('that somebody begins to tell', () => {
  const by = { digest: aDigest('b'), pushedAt: at('02:30'), readAt: at('02:20') };

  test('stands beside the baseline and changes nothing of it; the next one takes it away', async () => {
    const { ledger } = await openTables();
    const next = open({ readAt: at('02:20') });
    await saveOpenFindings(ledger, repository, open());
    expect(await saveTelling(ledger, repository, 'latest', by)).toBe(true);
    expect(await loadOpenFindings(ledger, repository, 'latest')).toEqual({ ...open(), isTelling: true });
    await saveOpenFindings(ledger, repository, next);
    expect(await loadOpenFindings(ledger, repository, 'latest')).toEqual(next);
  });

  test.each(['latest', NEWEST_PUSH])(
    'is known of %s without a baseline, and any comes after it',
    async (reference) => {
      const { ledger } = await openTables();
      await saveTelling(ledger, repository, reference, by);
      expect(await loadOpenFindings(ledger, repository, reference)).toMatchObject({
        ...{ scanKey: NO_SCAN, ids: [], isTelling: true },
      });
      const first = open({ reference, ...by });
      await saveOpenFindings(ledger, repository, first);
      expect(await loadOpenFindings(ledger, repository, reference)).toEqual(first);
    },
  );
});

test('two may begin to tell before either has a baseline', async () => {
  const { ledger } = await openTables();
  for (const pushedAt of [at('02:30'), at('02:20')]) {
    const by = { digest: aDigest('b'), pushedAt, readAt: at('02:40') };
    expect(await saveTelling(ledger, repository, NEWEST_PUSH, by)).toBe(true);
  }
});

describe('that somebody begins to tell of an older look', () => {
  test.each([
    ['latest', { readAt: at('02:10') }],
    [NEWEST_PUSH, { readAt: at('02:10') }],
    [NEWEST_PUSH, { pushedAt: at('01:59'), readAt: at('02:20') }],
  ])('is not written beside the baseline of %s: its own would not be kept', async (reference, by) => {
    const { ledger } = await openTables();
    const answered = open({ reference });
    await saveOpenFindings(ledger, repository, answered);
    expect(await saveTelling(ledger, repository, reference, { ...answered, ...by })).toBe(false);
    expect(await loadOpenFindings(ledger, repository, reference)).toEqual(answered);
  });
});

describe('a later save', () => {
  const other = { digest: aDigest('b'), scanKey: 'key-b', ids: [] };
  const [earlier, same, later] = [at('02:09:59.999'), at('02:10'), at('02:10:00.001')];
  const [before, pushed, after] = [at('01:59:59.999'), at('02:00'), at('02:00:00.001')];

  // A tag follows whoever looked at the registry last: it may have moved back to an older image.
  // The newest push follows the time of the push: an old image that is scanned again is not the newest.
  test.each([
    ['latest', 'an older push read later', before, later, true],
    ['latest', 'a newer push read later', after, later, true],
    ['latest', 'a newer push read earlier', after, earlier, false],
    ['latest', 'another image read at the same moment', after, same, false],
    [NEWEST_PUSH, 'a newer push read later', after, later, true],
    [NEWEST_PUSH, 'a newer push read earlier', after, earlier, true],
    [NEWEST_PUSH, 'the same push read later', pushed, later, true],
    [NEWEST_PUSH, 'the same push read earlier', pushed, earlier, false],
    [NEWEST_PUSH, 'the same push read at the same moment', pushed, same, false],
    [NEWEST_PUSH, 'an older push read later', before, later, false],
  ])('of %s, %s (pushed %s, read %s) counts: %s', async (reference, _what, pushedAt, readAt, counts) => {
    const { ledger } = await openTables();
    const [known, next] = [open({ reference }), open({ reference, pushedAt, readAt, ...other })];
    await saveOpenFindings(ledger, repository, known);
    const kept = await itemsOf(ledger);
    await saveOpenFindings(ledger, repository, next);
    expect(await loadOpenFindings(ledger, repository, reference)).toEqual(counts ? next : known);
    if (!counts) expect(await itemsOf(ledger)).toEqual(kept);
  });
});

test('another failure than a condition is thrown', async () => {
  const { ledger } = await openTables();
  const saving = saveOpenFindings({ ...ledger, name: 'no-such-table' }, repository, open());
  await expect(saving).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
