import type { ImageScanFindings } from '@aws-sdk/client-ecr';
import { expect, test } from 'vitest';
import { raw } from '../../../lib/image/untrusted.ts';
import { addPage, type Listing, toScanned } from '../../../lib/registry/listing.ts';
import type { Scanned } from '../../../lib/scan/scan.ts';
import { toCounts } from '../../../lib/scan/severity.ts';

const LOW = { findingSeverityCounts: { LOW: 1 } };

function scannedOf(...pages: readonly ImageScanFindings[]): Scanned | undefined {
  const listing = pages.reduce<Listing | undefined>(addPage, undefined);
  return listing && toScanned(listing);
}

function basic(...names: readonly string[]) {
  return { findings: names.map((name) => ({ name, severity: 'LOW' as const })) };
}

function enhanced(...ids: readonly string[]) {
  return {
    enhancedFindings: ids.map((vulnerabilityId) => ({
      severity: 'LOW',
      status: vulnerabilityId.startsWith('closed') ? 'CLOSED' : 'ACTIVE',
      packageVulnerabilityDetails: { vulnerabilityId },
    })),
  };
}

function idsIn(scanned: Scanned | undefined): readonly string[] | undefined {
  return scanned?.findings.map(({ id }) => raw(id));
}

test('findings stand in the order of the pages', () => {
  const scanned = scannedOf({ ...basic('a', 'b'), findingSeverityCounts: { LOW: 3 } }, {}, basic('c'));
  expect(idsIn(scanned)).toEqual(['a', 'b', 'c']);
  expect(scanned).toMatchObject({ type: 'basic', counts: { LOW: 3 } });
});

test('the counts may stand on any page, and the first that has them is believed', () => {
  expect(scannedOf(basic('a'), { ...basic('b'), findingSeverityCounts: { LOW: 5 } }, LOW)).toMatchObject({
    counts: toCounts({ LOW: 5 }),
  });
  expect(scannedOf(basic('a'), basic('b'))).toBeUndefined();
});

test('when it was completed is what the first page says', () => {
  const [first, later] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-02T00:00:00Z')];
  expect(scannedOf({ ...LOW, imageScanCompletedAt: first }, { imageScanCompletedAt: later })).toMatchObject({
    completedAt: first.toISOString(),
  });
  expect(scannedOf(LOW, { imageScanCompletedAt: later })).not.toHaveProperty('completedAt');
});

test.each([
  ['the first', [enhanced('x', 'y'), basic('a')]],
  ['the last', [basic('a'), {}, enhanced('x', 'y')]],
  ['a page that has both lists', [{ ...basic('a'), ...enhanced('x', 'y') }]],
])(
  'a list of Inspector’s on %s page makes it enhanced, and what basic scanning lists is no finding',
  (_, pages) => {
    const scanned = scannedOf(...pages, { findingSeverityCounts: { LOW: 2 } });
    expect(scanned?.type).toBe('enhanced');
    expect(idsIn(scanned)).toEqual(['x', 'y']);
  },
);

test('an empty list of Inspector’s is one', () => {
  const scanned = scannedOf({ ...basic('a'), ...LOW }, enhanced());
  expect(scanned).toMatchObject({ type: 'enhanced', findings: [] });
});

test('what is dismissed and what is short are worked out over all pages', () => {
  const counts = { findingSeverityCounts: { LOW: 4, HIGH: 1 } };
  expect(scannedOf({ ...enhanced('x', 'closed-1'), ...counts }, enhanced('closed-2', 'y'))).toMatchObject({
    counts: toCounts({ LOW: 2, HIGH: 1 }),
    dismissed: toCounts({ LOW: 2 }),
    short: ['HIGH'],
  });
});
