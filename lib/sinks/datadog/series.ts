import type { MetricSeries } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/models/MetricSeries.js';
import type { Heartbeat, Measurement } from '../../delivery/delivery.ts';
import type { Repository } from '../../image/reference.ts';
import { SEVERITIES, type Severity, type SeverityCounts } from '../../scan/severity.ts';
import { metricTag, repositoryTags } from './tags.ts';

const VULNERABILITIES = 'ecr.image.vulnerabilities';
const FIXABLE = 'ecr.image.vulnerabilities.fixable';
const HEARTBEAT = 'scan_response.heartbeat';

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
  return gauges.flatMap((gauge) => seriesOf(image.repository, gauge, known, timestamp));
}

/**
 * The gauges of a heartbeat at the moment when they were read, so that a repeat overwrites its own point and a late
 * one puts nothing after newer ones; and our own sign of life, whose one tag has one value per deployment.
 */
export function heartbeatSeries({ beatAt, deployment, references }: Heartbeat): MetricSeries[] {
  const timestamp = wholeSeconds(new Date(beatAt));
  const tags = [metricTag('deployment', deployment)];
  return [
    { metric: HEARTBEAT, type: GAUGE, points: [{ timestamp, value: 1 }], tags },
    ...references.flatMap(({ repository, reference, shown }) =>
      seriesOf(repository, { reference, ...shown }, knownIn(shown), timestamp),
    ),
  ];
}

/** A severity whose count was not known when it was read is not said again as a zero. */
function knownIn({ unknown = [] }: { readonly unknown?: readonly Severity[] }): readonly Severity[] {
  return SEVERITIES.filter((severity) => !unknown.includes(severity));
}

function seriesOf(
  repository: Repository,
  { reference, counts, fixable }: Measurement['gauges'][number],
  known: readonly Severity[],
  timestamp: number,
): MetricSeries[] {
  const tags = [...repositoryTags(repository), metricTag('image_tag', reference)];
  return [
    ...bySeverity(VULNERABILITIES, known, counts, tags, timestamp),
    ...(fixable ? bySeverity(FIXABLE, known, fixable, tags, timestamp) : []),
  ];
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
