import { describe, expect, test } from 'vitest';
import { basicAnswer, basicFinding, enhancedAnswer, enhancedFinding } from '../../../local/ecr/findings.ts';
import { createRegistry, type Registry } from '../../../local/ecr/registry.ts';

const now = () => new Date('2026-11-20T03:10:15.678Z');

function emptyRegistry(): Registry {
  return createRegistry({ account: '123456789012', region: 'eu-central-1', now });
}

describe('scan events', () => {
  const openssl = basicFinding({
    name: 'CVE-2026-1',
    severity: 'CRITICAL',
    package: 'openssl',
    version: '3.0.1',
  });
  const arn = 'arn:aws:ecr:eu-central-1:123456789012:repository/team/demo-api';

  function scanned(answer: Parameters<Registry['scan']>[2]) {
    const registry = emptyRegistry();
    const { digest } = registry.push('team/demo-api', { tags: ['latest', '1.0'] });
    return { digest, event: registry.scan('team/demo-api', digest, answer) };
  }

  test('of a basic scan name the bare repository and the current tags', () => {
    const { digest, event } = scanned(basicAnswer([openssl]));
    expect(event).toMatchObject({
      source: 'aws.ecr',
      'detail-type': 'ECR Image Scan',
      time: '2026-11-20T03:10:15Z',
      resources: [arn],
      detail: {
        'scan-status': 'COMPLETE',
        'repository-name': 'team/demo-api',
        'finding-severity-counts': { CRITICAL: 1 },
        'image-digest': digest,
        'image-tags': ['latest', '1.0'],
      },
    });
  });

  test.each([
    ['FAILED', 'FAILED'],
    ['UNSUPPORTED_IMAGE', 'FAILED'],
    ['LIMIT_EXCEEDED', 'FAILED'],
    ['IN_PROGRESS', 'COMPLETE'],
  ])('of basic status %s say %s, without counts when there are none', (status, told) => {
    const { event } = scanned({ status });
    expect(event.detail['scan-status']).toBe(told);
    expect(event.detail).not.toHaveProperty('finding-severity-counts');
  });

  test.each([
    [
      { CRITICAL: 2, LOW: 3, UNTRIAGED: 4 },
      { CRITICAL: 2, HIGH: 0, MEDIUM: 0, TOTAL: 9 },
    ],
    [{}, { CRITICAL: 0, HIGH: 0, MEDIUM: 0, TOTAL: 0 }],
  ])('of an enhanced scan with %o tell %o and an ARN', (counts, told) => {
    const { digest, event } = scanned({ status: 'COMPLETE', counts, enhancedFindings: [] });
    expect(event).toMatchObject({
      source: 'aws.inspector2',
      'detail-type': 'Inspector2 Scan',
      resources: [arn],
      detail: {
        'scan-status': 'INITIAL_SCAN_COMPLETE',
        'repository-name': arn,
        'image-digest': digest,
        'image-tags': ['latest', '1.0'],
        version: '1.0',
      },
    });
    expect(event.detail['finding-severity-counts']).toEqual(told);
  });

  test('of status ACTIVE are enhanced even before there are findings', () => {
    expect(scanned({ status: 'ACTIVE', findings: [] }).event.source).toBe('aws.inspector2');
  });

  test('are refused for an image index, except that it cannot be scanned', () => {
    const registry = emptyRegistry();
    const { digest } = registry.push('demo-api', { platforms: ['linux/amd64'] });
    expect(() => registry.scan('demo-api', digest, basicAnswer([]))).toThrow('scan its children');
    const { detail } = registry.scan('demo-api', digest, { status: 'UNSUPPORTED_IMAGE' });
    expect(detail['scan-status']).toBe('FAILED');
  });
});

describe('findings', () => {
  test('are counted as ECR does: no key for a severity without findings', () => {
    const high = basicFinding({ name: 'CVE-2026-2', severity: 'HIGH', package: 'zlib', version: '1' });
    const untriaged = enhancedFinding({ id: 'CVE-2026-3', severity: 'UNTRIAGED', packages: [] });
    expect(basicAnswer([high, high]).counts).toEqual({ HIGH: 2 });
    expect(basicAnswer([]).counts).toEqual({});
    expect(enhancedAnswer([untriaged]).counts).toEqual({ UNTRIAGED: 1 });
    expect(basicAnswer([high], { status: 'FAILED', counts: undefined })).toMatchObject({ status: 'FAILED' });
    expect(basicAnswer([high], { counts: undefined }).counts).toBeUndefined();
  });

  test.each([
    [[{ name: 'a', version: '1', fixedInVersion: '2' }], 'YES'],
    [[{ name: 'a', version: '1' }], 'NO'],
    [
      [
        { name: 'a', version: '1', fixedInVersion: '2' },
        { name: 'b', version: '1' },
      ],
      'PARTIAL',
    ],
  ])('of packages %o have a fix available: %s', (packages, fixAvailable) => {
    const finding = enhancedFinding({ id: 'CVE-2026-4', severity: 'HIGH', packages });
    expect(finding).toMatchObject({ fixAvailable, exploitAvailable: 'NO' });
    expect(JSON.stringify(finding).includes('NotAvailable')).toBe(fixAvailable !== 'YES');
  });
});
