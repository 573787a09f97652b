import type { EnhancedImageScanFinding, ImageScanFinding } from '@aws-sdk/client-ecr';
import { describe, expect, test } from 'vitest';
import { fromBasic, fromEnhanced, isOpen } from '../../../lib/registry/finding.ts';

const attributes = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([key, value]) => ({ key, value }));

describe('a basic finding', () => {
  test.each<[string, ImageScanFinding, object]>([
    [
      'with everything',
      {
        name: 'CVE-2026-1',
        severity: 'HIGH',
        attributes: attributes({ package_name: 'tar', package_version: '1.34', CVSS3_SCORE: '7.5' }),
      },
      {
        id: 'CVE-2026-1',
        severity: 'HIGH',
        packages: [{ name: 'tar', version: '1.34' }],
        score: 7.5,
        platforms: [],
      },
    ],
    ['with nothing', {}, { id: 'unnamed', severity: 'UNDEFINED', packages: [], platforms: [] }],
    [
      'of a distribution, without a version',
      { name: 'RHSA-2026:1', severity: 'LOW', attributes: attributes({ package_name: 'tar' }) },
      { id: 'RHSA-2026:1', severity: 'LOW', packages: [{ name: 'tar', version: '' }], platforms: [] },
    ],
  ])('%s', (_what, finding, expected) => {
    expect(fromBasic(finding)).toEqual(expected);
  });

  test.each<[Readonly<Record<string, string>>, number | undefined]>([
    [{ CVSS2_SCORE: '5.0', CVSS3_SCORE: '9.8' }, 9.8],
    [{ CVSS2_SCORE: '5.0', CVSS3_SCORE: '9.8', CVSS4_SCORE: '8.7' }, 8.7],
    [{ CVSS2_SCORE: '5.0' }, 5],
    [{ CVSS3_SCORE: 'none' }, undefined],
    [{ CVSS3_SCORE: '0.0' }, undefined],
    [{}, undefined],
  ])('takes its score from the newest scoring that has one: %j', (values, score) => {
    expect(fromBasic({ name: 'CVE-2026-1', attributes: attributes(values) }).score).toBe(score);
  });
});

describe('an enhanced finding', () => {
  const details = (...vulnerablePackages: object[]) => ({
    packageVulnerabilityDetails: { vulnerabilityId: 'CVE-2026-1', vulnerablePackages },
  });

  test.each<[string, EnhancedImageScanFinding, object]>([
    [
      'with everything',
      {
        ...details(
          { name: 'openssl', version: '3.0.1', release: '2.el9', fixedInVersion: '3.0.2' },
          { name: 'libssl', version: '3.0.1', fixedInVersion: 'NotAvailable' },
        ),
        severity: 'CRITICAL',
        score: 9.8,
        fixAvailable: 'PARTIAL',
        exploitAvailable: 'YES',
      },
      {
        id: 'CVE-2026-1',
        severity: 'CRITICAL',
        packages: [
          { name: 'openssl', version: '3.0.1-2.el9', fixedIn: '3.0.2' },
          { name: 'libssl', version: '3.0.1' },
        ],
        score: 9.8,
        fix: 'some',
        exploitKnown: true,
        platforms: [],
      },
    ],
    ['with nothing', {}, { id: 'unnamed', severity: 'UNDEFINED', packages: [], platforms: [] }],
    [
      'that nobody has scored yet',
      { ...details(), severity: 'UNTRIAGED', score: 0, fixAvailable: 'NO', exploitAvailable: 'NO' },
      {
        id: 'CVE-2026-1',
        severity: 'UNTRIAGED',
        packages: [],
        fix: 'none',
        exploitKnown: false,
        platforms: [],
      },
    ],
    [
      'known only by its title',
      { title: 'Code injection in main.py', severity: 'HIGH', fixAvailable: 'YES' },
      { id: 'Code injection in main.py', severity: 'HIGH', packages: [], fix: 'all', platforms: [] },
    ],
  ])('%s', (_what, finding, expected) => {
    expect(fromEnhanced(finding)).toEqual(expected);
  });

  test.each([
    ['ACTIVE', true],
    ['SUPPRESSED', false],
    ['CLOSED', false],
    [undefined, true],
  ])('of status %s is open: %s', (status, open) => {
    expect(isOpen({ status })).toBe(open);
  });
});
