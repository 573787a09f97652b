import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeFile } from '../../../local/ecr/describe-file.ts';
import { epochSeconds, parseDate, withEpochSeconds } from '../../../local/ecr/timestamp.ts';

describe('dates', () => {
  test.each([
    ['the CLI', '2025-06-09T09:08:40.144000+02:00', '2025-06-09T07:08:40.144Z'],
    ['the CLI without a zone', '2025-06-09T07:08:40', '2025-06-09T07:08:40.000Z'],
    ['CloudTrail', 'Aug 11, 2021, 11:30:16 AM', '2021-08-11T11:30:16.000Z'],
    ['CloudTrail on a newer runtime', 'Aug 11, 2021, 1:17:52\u202fPM', '2021-08-11T13:17:52.000Z'],
    ['the wire', 1615387804.5, '2021-03-10T14:50:04.500Z'],
    ['our own makers', new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('of %s are read as UTC', (_source, written, expected) => {
    expect(parseDate(written)?.toISOString()).toBe(expected);
    expect(epochSeconds(written)).toBe(Date.parse(expected) / 1000);
  });

  test.each(['soon', '', null, undefined, {}, Number.NaN])(
    'that cannot be read, %o, are absent',
    (written) => {
      expect(parseDate(written)).toBeUndefined();
      expect(epochSeconds(written)).toBeUndefined();
    },
  );

  test('inside enhanced findings become epoch seconds or vanish, and nothing else changes', () => {
    const finding = {
      title: '2021-08-11',
      updatedAt: '1970-01-01T00:00:10Z',
      lastObservedAt: 'soon',
      packageVulnerabilityDetails: { vendorCreatedAt: 20, cvss: [{ baseScore: 8.1 }] },
      resources: [{ details: { awsEcrContainerImage: { pushedAt: '1970-01-01T00:00:30Z' } } }],
    };
    expect(JSON.parse(JSON.stringify(withEpochSeconds([finding])))).toEqual([
      {
        title: '2021-08-11',
        updatedAt: 10,
        packageVulnerabilityDetails: { vendorCreatedAt: 20, cvss: [{ baseScore: 8.1 }] },
        resources: [{ details: { awsEcrContainerImage: { pushedAt: 30 } } }],
      },
    ]);
  });
});

describe('a file', () => {
  test('of a basic scan is read whole', () => {
    const findings = [{ name: 'CVE-2026-1', severity: 'LOW', attributes: [{ key: 'k', value: 'v' }] }];
    const answer = describeFile({
      imageScanStatus: { status: 'COMPLETE', description: 'done' },
      imageScanFindings: {
        imageScanCompletedAt: 10,
        vulnerabilitySourceUpdatedAt: '1970-01-01T00:00:20Z',
        findingSeverityCounts: { LOW: 1 },
        findings,
      },
      repositoryName: 'demo-api',
    });
    expect(answer).toEqual({
      status: 'COMPLETE',
      description: 'done',
      completedAt: new Date(10_000),
      sourceUpdatedAt: new Date(20_000),
      counts: { LOW: 1 },
      findings,
    });
  });

  test.each([
    [{ imageScanStatus: { status: 'PENDING' } }, { status: 'PENDING' }],
    [{ imageScanFindings: { findingSeverityCounts: {} } }, { status: 'COMPLETE', counts: {} }],
    [
      { imageScanStatus: { status: 'ACTIVE' }, imageScanFindings: { enhancedFindings: [] } },
      { status: 'ACTIVE', enhancedFindings: [] },
    ],
  ])('%o keeps what is missing missing', (json, expected) => {
    expect(describeFile(json)).toEqual(expected);
  });

  test.each<[string, unknown, RegExp]>([
    ['of Inspector', { findings: [] }, /aws inspector2 list-findings.*aws ecr describe-image-scan-findings/],
    ['without a scan', { version: '0' }, /no scan in it.*aws ecr describe-image-scan-findings/],
    ['that is a list', [], /no scan in it/],
    ['that is null', null, /no scan in it/],
    ['whose status is a number', { imageScanStatus: { status: 1 } }, /^imageScanStatus.status: .*Expected/],
    [
      'whose findings have no name',
      { imageScanFindings: { findings: [{ severity: 'LOW' }] } },
      /^imageScanFindings.findings.0.name: /,
    ],
    [
      'whose counts are text',
      { imageScanFindings: { findingSeverityCounts: { HIGH: '3' } } },
      /^imageScanFindings.findingSeverityCounts.HIGH: /,
    ],
  ])('%s is refused with what is wrong and what is right', (_what, json, message) => {
    expect(() => describeFile(json)).toThrow(message);
  });
});

const recorded = join(process.env.RECORDED_DIR ?? '../shared/recorded', 'findings');

describe.skipIf(!existsSync(recorded))('the recorded file', () => {
  const read = (name: string) => describeFile(JSON.parse(readFileSync(join(recorded, name), 'utf8')));

  test.each([
    ['01b-splunk-basic-104', 'COMPLETE', 104, undefined, '2021-08-11T11:30:16.000Z'],
    ['05-moto-enhanced-untriaged', 'COMPLETE', undefined, 2, undefined],
    ['06-tdr-mixed-severity', 'COMPLETE', 32, undefined, '2021-03-09T08:49:45.000Z'],
    ['06-tdr-no-findings', 'COMPLETE', 0, undefined, '2021-03-09T08:49:45.000Z'],
    ['09-awsapi-enhanced-example', 'ACTIVE', undefined, 1, '2025-06-09T07:08:40.144Z'],
    ['10a-issue289-complete-but-empty', 'COMPLETE', 0, undefined, undefined],
    ['10c-pending-empty-both', 'PENDING', 0, 0, undefined],
    ['dlc-basic-100', 'COMPLETE', 100, undefined, '2022-03-14T23:20:00.000Z'],
    ['dlc-enhanced-402', 'ACTIVE', undefined, 402, '2023-04-12T11:46:40.000Z'],
  ])(
    '%s is read: %s, %s basic and %s enhanced findings, completed %s',
    (name, status, basic, enhanced, at) => {
      const answer = read(`${name}.response.json`);
      expect(answer.status).toBe(status);
      expect(answer.findings?.length).toBe(basic);
      expect(answer.enhancedFindings?.length).toBe(enhanced);
      expect(answer.completedAt?.toISOString()).toBe(at);
    },
  );

  test('of Inspector is refused', () => {
    expect(() => read('04a-defectdojo-inspector2-listfindings-8.json')).toThrow(
      'aws inspector2 list-findings',
    );
  });
});
