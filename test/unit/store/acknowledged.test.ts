import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../../lib/instant.ts';
import { acknowledge } from '../../../lib/policy/acknowledged.ts';
import type { OpenFindings } from '../../../lib/policy/open-findings.ts';
import { isAcknowledged, saveAcknowledged } from '../../../lib/store/acknowledged.ts';
import { aDigest, aRepository, at } from '../../build/lineage.ts';
import { openTables } from '../../doubles/dynamodb.ts';

const REPOSITORY = aRepository();
const WORD = { by: 'U2CERLKJA', at: at('04:00') };

/** What is open on `latest`, since three o'clock. */
function baseline(ids: readonly string[], changes: Partial<OpenFindings> = {}): OpenFindings {
  return {
    reference: 'latest',
    digest: aDigest('a'),
    pushedAt: at('02:00'),
    scanKey: 'scan',
    ids,
    readAt: at('03:00'),
    openedAt: at('03:00'),
    toldAs: 'open-1',
    ...changes,
  };
}

const tracked = (open?: OpenFindings) => [{ reference: 'latest', open }];

/** A ledger in which somebody acknowledged two findings. */
async function acknowledged() {
  const { ledger } = await openTables();
  const word = acknowledge(baseline(['CVE-1', 'CVE-2']), 'open-1', WORD) ?? expect.fail('nothing to know');
  await saveAcknowledged(ledger, REPOSITORY, 'latest', word);
  return { ledger, word };
}

describe('what is acknowledged', () => {
  test.each([
    ['the same set', ['CVE-1', 'CVE-2'], {}, true],
    ['the same set in another image', ['CVE-1', 'CVE-2'], { digest: aDigest('b'), toldAs: 'other' }, true],
    ['less of it', ['CVE-2'], {}, true],
    ['something new', ['CVE-1', 'CVE-2', 'CVE-3'], {}, false],
    ['the same, clear in between', ['CVE-1'], { openedAt: at('05:00') }, false],
  ] as const)('%s', async (_, ids, changes, expected) => {
    const { ledger } = await acknowledged();
    const open = baseline(['CVE-1', 'CVE-2'], changes);
    expect(await isAcknowledged(ledger, REPOSITORY, tracked(open), ids)).toBe(expected);
  });

  test('one reference is not the other, and nothing is for nobody', async () => {
    const { ledger } = await acknowledged();
    const both = [...tracked(baseline(['CVE-1'])), { reference: 'main', open: baseline(['CVE-1']) }];
    expect(await isAcknowledged(ledger, REPOSITORY, both, ['CVE-1'])).toBe(false);
    expect(await isAcknowledged(ledger, REPOSITORY, tracked(), ['CVE-1'])).toBe(false);
    const elsewhere = aRepository({ name: 'other' });
    expect(await isAcknowledged(ledger, elsewhere, tracked(baseline(['CVE-1'])), ['CVE-1'])).toBe(false);
  });
});

test('who said it first has said it; what is open later is another thing to say', async () => {
  const { ledger, word } = await acknowledged();
  const later = { by: 'U0OTHER', at: parseInstant('2026-11-21T04:00:00.000Z') };
  const again = await saveAcknowledged(ledger, REPOSITORY, 'latest', { ...word, ...later });
  expect(again).toEqual(word);
  const more = { ...word, ...later, ids: ['CVE-3'] };
  expect(await saveAcknowledged(ledger, REPOSITORY, 'latest', more)).toEqual(more);
});

test.each([
  ['another notice told of it since', baseline(['CVE-1'], { toldAs: 'open-2' })],
  ['nothing is open', baseline([])],
  ['nobody has looked at it', undefined],
])('nothing to acknowledge where %s', (_, open) => {
  expect(acknowledge(open, 'open-1', WORD)).toBeUndefined();
});

test('a baseline that does not know since when', async () => {
  const { ledger } = await openTables();
  const { openedAt: _, ...open } = baseline(['CVE-1']);
  const word = acknowledge(open, 'open-1', WORD) ?? expect.fail('nothing to know');
  expect(await saveAcknowledged(ledger, REPOSITORY, 'latest', word)).toEqual(word);
  expect(await saveAcknowledged(ledger, REPOSITORY, 'latest', { ...word, by: 'U0OTHER' })).toEqual(word);
  expect(await isAcknowledged(ledger, REPOSITORY, tracked(open), ['CVE-1'])).toBe(true);
});
