import type { MetricSeries } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/models/MetricSeries.js';
import type { AuditCount } from '../../audit/tally.ts';
import type { Heartbeat, Measurement } from '../../delivery/delivery.ts';
import type { Repository } from '../../image/reference.ts';
import { SEVERITIES, type Severity, type SeverityCounts } from '../../scan/severity.ts';
import { metricTag, repositoryTags } from './tags.ts';

const VULNERABILITIES = 'ecr.image.vulnerabilities';
const FIXABLE = 'ecr.image.vulnerabilities.fixable';
const IGNORED = 'ecr.image.vulnerabilities.ignored';
/** In seconds. */
const TIME_TO_REMEDIATE = 'ecr.image.vulnerabilities.time_to_remediate';
const ANSWERED = 'scan_response.scan.answered';
const HEARTBEAT = 'scan_response.heartbeat';
const AUDITED = 'scan_response.audit.findings';

/**
 * `GAUGE` of MetricIntakeType; its module is not imported for one number. Nothing here is a count: of that a repeat after a
 * lost reply would be one more.
 */
const GAUGE = 3;

/**
 * Datadog drops points older than an hour behind a 202 (https://docs.datadoghq.com/api/latest/metrics/#submit-metrics);
 * ten minutes are left for the way and the clocks.
 */
const OLDEST_POINT_MS = 50 * 60 * 1000;

/**
 * The gauges of a measurement, one point each. Every severity is there, since only a zero ends an alert; but no zero
 * that is not known to be one. Tags are names that
 * move and recover; digests, immutable tags and CVE ids would each open a group that never closes.
 */
export function gaugeSeries(measurement: Measurement, now: Date): MetricSeries[] {
  const { image, gauges, unknown = [] } = measurement;
  const timestamp = wholeSeconds(pointTime(measurement, now));
  const known = SEVERITIES.filter((severity) => !unknown.includes(severity));
  return gauges.flatMap((gauge) => seriesOf(image.repository, gauge, known, timestamp));
}

/**
 * One scan that was answered, with why people hear of it or do not. It travels with the gauges, so it costs no request; a
 * repeat is the same point.
 */
export function answeredSeries(measurement: Measurement, now: Date): MetricSeries[] {
  const { image, scanType, reason } = measurement;
  if (reason === undefined) return [];
  const points = [{ timestamp: wholeSeconds(pointTime(measurement, now)), value: 1 }];
  const tags = [metricTag('scan_type', scanType), metricTag('reason', reason)];
  return [{ metric: ANSWERED, type: GAUGE, points, tags: [...repositoryTags(image.repository), ...tags] }];
}

/**
 * A measurement is posted for when it was made, so that an older one that lands late stays behind a newer one and
 * behind the heartbeats. What has become older than Datadog takes goes as far back as it may: the last word about what
 * is open now is not its own any more, but the next heartbeat's.
 */
function pointTime({ measuredAt }: Measurement, now: Date): Date {
  if (measuredAt === undefined) return now;
  const oldestMs = now.getTime() - OLDEST_POINT_MS;
  return new Date(Math.min(now.getTime(), Math.max(Date.parse(measuredAt), oldestMs)));
}

/**
 * The gauges of a heartbeat at the moment when they were read, so that a repeat overwrites its own point and a late
 * one puts nothing after newer ones; what the last audit counted; and our own sign of life, whose one tag has one value
 * per deployment.
 */
export function heartbeatSeries({ beatAt, deployment, references, audit = [] }: Heartbeat): MetricSeries[] {
  const timestamp = wholeSeconds(new Date(beatAt));
  const tags = [metricTag('deployment', deployment)];
  return [
    { metric: HEARTBEAT, type: GAUGE, points: [{ timestamp, value: 1 }], tags },
    ...references.flatMap(({ repository, reference, shown }) =>
      seriesOf(repository, { reference, ...shown }, knownIn(shown), timestamp),
    ),
    ...audit.map((it) => auditSeries(it, timestamp)),
  ];
}

/** Without the repository: a group for each would never close once it is removed. `scan-response audit` names them. */
function auditSeries(
  { account, region, check, severity, count }: AuditCount,
  timestamp: number,
): MetricSeries {
  const place = [metricTag('account_id', account), metricTag('region', region)];
  const tags = [...place, metricTag('check', check), metricTag('severity', severity)];
  return { metric: AUDITED, type: GAUGE, points: [{ timestamp, value: count }], tags };
}

/** A severity whose count was not known when it was read is not said again as a zero. */
function knownIn({ unknown = [] }: { readonly unknown?: readonly Severity[] }): readonly Severity[] {
  return SEVERITIES.filter((severity) => !unknown.includes(severity));
}

function seriesOf(
  repository: Repository,
  { reference, counts, fixable, ignored = {}, remediatedAfterSeconds }: Measurement['gauges'][number],
  known: readonly Severity[],
  timestamp: number,
): MetricSeries[] {
  const tags = [...repositoryTags(repository), metricTag('image_tag', reference)];
  return [
    ...bySeverity(VULNERABILITIES, known, counts, tags, timestamp),
    ...(fixable ? bySeverity(FIXABLE, known, fixable, tags, timestamp) : []),
    ...bySeverity(
      IGNORED,
      SEVERITIES.filter((it) => ignored[it] !== undefined),
      ignored,
      tags,
      timestamp,
    ),
    ...remediatedSeries(remediatedAfterSeconds, tags, timestamp),
  ];
}

function remediatedSeries(
  seconds: number | undefined,
  tags: readonly string[],
  timestamp: number,
): MetricSeries[] {
  if (seconds === undefined) return [];
  const points = [{ timestamp, value: Math.floor(seconds) }];
  return [{ metric: TIME_TO_REMEDIATE, type: GAUGE, points, tags: [...tags] }];
}

/** POSIX time; the API takes whole seconds only. */
export function wholeSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function bySeverity(
  metric: string,
  severities: readonly Severity[],
  counts: Partial<SeverityCounts>,
  tags: readonly string[],
  timestamp: number,
): MetricSeries[] {
  return severities.map((severity) => ({
    metric,
    type: GAUGE,
    points: [{ timestamp, value: counts[severity] ?? 0 }],
    tags: [...tags, metricTag('severity', severity)],
  }));
}
