import type { MetricSeries } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/models/MetricSeries.js';
import type { Measurement } from '../../delivery/delivery.ts';
import { SEVERITIES, type Severity, type SeverityCounts } from '../../scan/severity.ts';
import { metricTag, repositoryTags } from './tags.ts';

const VULNERABILITIES = 'ecr.image.vulnerabilities';
const FIXABLE = 'ecr.image.vulnerabilities.fixable';

/** `GAUGE` of MetricIntakeType; its module is not imported for one number. */
const GAUGE = 3;

/**
 * The gauges of a measurement, one point each at `now`: a gauge says how it is now, and Datadog drops points
 * older than an hour behind a 202. Every severity is there, since only a zero ends an alert; but no zero that is not
 * known to be one. Tags are names that
 * move and recover; digests, immutable tags and CVE ids would each open a group that never closes.
 */
export function gaugeSeries({ image, gauges, unknown = [] }: Measurement, now: Date): MetricSeries[] {
  const timestamp = wholeSeconds(now);
  const known = SEVERITIES.filter((severity) => !unknown.includes(severity));
  return gauges.flatMap(({ reference, counts, fixable }) => {
    const tags = [...repositoryTags(image.repository), metricTag('image_tag', reference)];
    return [
      ...bySeverity(VULNERABILITIES, known, counts, tags, timestamp),
      ...(fixable ? bySeverity(FIXABLE, known, fixable, tags, timestamp) : []),
    ];
  });
}

/** POSIX time; the API takes whole seconds only. */
export function wholeSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function bySeverity(
  metric: string,
  severities: readonly Severity[],
  counts: SeverityCounts,
  tags: readonly string[],
  timestamp: number,
): MetricSeries[] {
  return severities.map((severity) => ({
    metric,
    type: GAUGE,
    points: [{ timestamp, value: counts[severity] }],
    tags: [...tags, metricTag('severity', severity)],
  }));
}
