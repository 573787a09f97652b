import { randomUUID } from 'node:crypto';
import type { Manifest } from './manifest.ts';
import { isEnhanced, isFailed, type ScanAnswer } from './scan-answer.ts';

/** An event as EventBridge delivers it. */
export interface BridgeEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 in UTC, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Where and when something happened. */
export interface Occasion {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  readonly at: Date;
}

/**
 * `ECR Image Action` for one tag of a manifest; an untagged manifest is told with an empty tag.
 * Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function imageAction(
  occasion: Occasion,
  action: 'PUSH' | 'DELETE',
  { digest, mediaType, artifactMediaType }: Manifest,
  tag = '',
): BridgeEvent {
  return envelope(occasion, 'aws.ecr', 'ECR Image Action', [], {
    result: 'SUCCESS',
    'repository-name': occasion.repository,
    'image-digest': digest,
    'action-type': action,
    'image-tag': tag,
    'manifest-media-type': mediaType,
    ...(artifactMediaType && { 'artifact-media-type': artifactMediaType }),
  });
}

/** The event AWS sends for a scan: `ECR Image Scan` for a basic one, `Inspector2 Scan` for an enhanced one. */
export function scanEvent(
  occasion: Occasion,
  digest: string,
  tags: readonly string[],
  answer: ScanAnswer,
): BridgeEvent {
  const arn = `arn:aws:ecr:${occasion.region}:${occasion.account}:repository/${occasion.repository}`;
  const image = { 'image-digest': digest, 'image-tags': tags };
  if (isEnhanced(answer)) {
    return envelope(occasion, 'aws.inspector2', 'Inspector2 Scan', [arn], {
      'scan-status': 'INITIAL_SCAN_COMPLETE',
      'repository-name': arn,
      'finding-severity-counts': inspectorCounts(answer.counts ?? {}),
      ...image,
      version: '1.0',
    });
  }
  return envelope(occasion, 'aws.ecr', 'ECR Image Scan', [arn], {
    'scan-status': isFailed(answer) ? 'FAILED' : 'COMPLETE',
    'repository-name': occasion.repository,
    ...(answer.counts && { 'finding-severity-counts': answer.counts }),
    ...image,
  });
}

/** Inspector names three severities, zeros included; all others are only in TOTAL. */
function inspectorCounts(counts: Readonly<Record<string, number>>): Record<string, number> {
  const TOTAL = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { CRITICAL: counts.CRITICAL ?? 0, HIGH: counts.HIGH ?? 0, MEDIUM: counts.MEDIUM ?? 0, TOTAL };
}

/** What every event has around its detail. */
export function envelope(
  { account, region, at }: Omit<Occasion, 'repository'>,
  source: string,
  detailType: string,
  resources: readonly string[],
  detail: Readonly<Record<string, unknown>>,
): BridgeEvent {
  const time = at.toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account,
    time,
    region,
    resources,
    detail,
  };
}
