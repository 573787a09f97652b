import { describe, expect, test } from 'vitest';
import type { Measurement } from '../../../../lib/delivery/delivery.ts';
import { parseInstant } from '../../../../lib/instant.ts';
import { NEWEST_PUSH } from '../../../../lib/policy/policy.ts';
import { SEVERITIES, toCounts } from '../../../../lib/scan/severity.ts';
import { answeredSeries, gaugeSeries } from '../../../../lib/sinks/datadog/series.ts';
import { metricTag } from '../../../../lib/sinks/datadog/tags.ts';
import { aMeasurement, anImage } from '../../../build/notice.ts';

const NOW = new Date('2026-11-20T02:03:04.567Z');

describe('gaugeSeries', () => {
  test('has one gauge for every severity, zero included, at the whole second of now', () => {
    const counts = toCounts({ CRITICAL: 1, UNTRIAGED: 7 });
    const series = gaugeSeries(aMeasurement({ gauges: [{ reference: 'latest', counts }] }), NOW);
    expect(series.map(({ metric }) => metric)).toEqual(SEVERITIES.map(() => 'ecr.image.vulnerabilities'));
    expect(series.map(({ points }) => points[0]?.value)).toEqual([1, 0, 0, 0, 0, 7, 0]);
    for (const { type, points } of series) {
      expect(type).toBe(3);
      expect(points).toEqual([{ timestamp: 1795140184, value: expect.any(Number) }]);
    }
  });

  test.each<[string, string | undefined, string]>([
    ['is for when it was made', '2026-11-20T02:00:00.900Z', '2026-11-20T02:00:00Z'],
    ['of an earlier version does not say: for now', undefined, '2026-11-20T02:03:04Z'],
    ['is no older than Datadog surely takes', '2026-11-18T02:00:00.000Z', '2026-11-20T01:13:04Z'],
    ['by a clock that is ahead is for now', '2026-11-20T02:04:00.000Z', '2026-11-20T02:03:04Z'],
  ])('a measurement %s', (_, made, expected) => {
    const measurement = aMeasurement(made === undefined ? {} : { measuredAt: parseInstant(made) });
    const times = gaugeSeries(measurement, NOW).map(({ points }) => points[0]?.timestamp);
    expect(new Set(times)).toEqual(new Set([Date.parse(expected) / 1000]));
  });

  test('has no gauge for a zero that nobody knows', () => {
    const gauges = [{ reference: 'latest', counts: toCounts({ HIGH: 2 }), fixable: toCounts({}) }];
    const series = gaugeSeries(aMeasurement({ gauges, unknown: ['CRITICAL'] }), NOW);
    expect(series).toHaveLength(2 * (SEVERITIES.length - 1));
    expect(JSON.stringify(series)).not.toContain('severity:critical');
  });

  test('tags by what moves: account, region, repository, reference, severity', () => {
    const [first] = gaugeSeries(aMeasurement(), NOW);
    expect(first?.tags).toEqual([
      'account_id:111122223333',
      'region:eu-west-1',
      'repository:demo-api',
      'image_tag:latest',
      'severity:critical',
    ]);
  });

  test('adds the fixable gauges only where the scanner says what is fixable', () => {
    const counts = toCounts({ HIGH: 2 });
    const gauges = [
      { reference: 'latest', counts, fixable: toCounts({ HIGH: 1 }) },
      { reference: 'main', counts },
    ];
    const series = gaugeSeries(aMeasurement({ gauges }), NOW);
    const fixable = series.filter(({ metric }) => metric === 'ecr.image.vulnerabilities.fixable');
    expect(fixable.map(({ points }) => points[0]?.value)).toEqual([0, 1, 0, 0, 0, 0, 0]);
    expect(new Set(fixable.map(({ tags }) => tags?.[3]))).toEqual(new Set(['image_tag:latest']));
    expect(series).toHaveLength(3 * SEVERITIES.length);
  });

  test('says nothing about a measurement without gauges', () => {
    expect(gaugeSeries(aMeasurement({ gauges: [] }), NOW)).toEqual([]);
  });

  test('keeps digests out of the tags', () => {
    const image = anImage();
    const measurement: Measurement = aMeasurement({ image });
    expect(JSON.stringify(gaugeSeries(measurement, NOW))).not.toContain(image.digest.slice(7, 19));
  });
});

describe('answeredSeries', () => {
  test('says of one scan why we spoke or did not, at the time of its gauges: the same point each time it is said', () => {
    const measurement = aMeasurement({
      reason: 'unchanged',
      measuredAt: parseInstant('2026-11-20T02:00:00.900Z'),
    });
    const [answered, ...more] = answeredSeries(measurement, NOW);
    expect(more).toEqual([]);
    expect(answered).toMatchObject({ metric: 'scan_response.scan.answered', type: 3 });
    expect(answered?.points).toEqual([{ timestamp: Date.parse('2026-11-20T02:00:00Z') / 1000, value: 1 }]);
    expect(answered?.tags?.map((tag) => tag.split(':', 1)[0])).toEqual([
      ...['account_id', 'region', 'repository', 'scan_type', 'reason'],
    ]);
    expect(answered?.tags).toContain('reason:unchanged');
  });

  test('says nothing where the reason is not known', () => {
    expect(answeredSeries(aMeasurement(), NOW)).toEqual([]);
  });
});

describe('metricTag', () => {
  test.each([
    ['image_tag', 'Release-1.0_RC', 'image_tag:release-1.0_rc'],
    ['repository', 'payments/api', 'repository:payments/api'],
    ['image_tag', NEWEST_PUSH, 'image_tag:/newest-push'],
    ['image_tag', 'a,b\nc@d é', 'image_tag:a_b_c_d__'],
  ])('%s %j → %s', (key, value, tag) => {
    expect(metricTag(key, value)).toBe(tag);
  });

  test('cuts to 200 characters and keeps two long names apart', () => {
    const [one, other] = ['a', 'b'].map((end) => metricTag('repository', 'x'.repeat(255) + end));
    expect(one).toHaveLength(200);
    expect(other).toHaveLength(200);
    expect(one).not.toBe(other);
    expect(one).toMatch(/^repository:x+-[0-9a-f]{12}$/);
  });
});
