import { deflateRawSync } from 'node:zlib';
import { PutCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Image } from '../image/reference.ts';
import type { Subject } from '../policy/notice.ts';
import type { Finding } from '../scan/finding.ts';
import type { Scan, ScanFact } from '../scan/scan.ts';
import * as keys from './keys.ts';
import { ifHolds, type Table } from './table.ts';

/** A DynamoDB item holds 400 KB; the rest of it is small. */
const MAX_FINDINGS_BYTES = 350_000;

/** Records a scan once; the same reading again changes nothing. Findings are kept compressed, worst first. */
export async function saveScan(table: Table, subject: Subject, key: string, scan: Scan): Promise<void> {
  const { type, completedAt, counts, fixable, platforms, short } = scan;
  const packed = pack(scan.findings);
  const item = {
    pk: keys.imagePartition(subject.image),
    sk: `SCAN#${completedAt ?? subject.pushedAt}#${key}`,
    type,
    counts,
    platforms,
    ...(completedAt && { completedAt }),
    ...(fixable && { fixable }),
    ...(short && { short }),
    findings: packed.bytes,
    ...(packed.kept < scan.findings.length && { findingsLeftOut: scan.findings.length - packed.kept }),
  };
  await ifHolds(
    table.client.send(
      new PutCommand({ TableName: table.name, Item: item, ConditionExpression: 'attribute_not_exists(pk)' }),
    ),
  );
}

/** The newest scan of an image; undefined when none was recorded. */
export async function loadLatestScan(table: Table, image: Image): Promise<ScanFact | undefined> {
  return (await loadNewest(table, image, {
    ExpressionAttributeNames: { '#type': 'type', '#short': 'short' },
    ProjectionExpression: '#type, completedAt, counts, platforms, #short',
  })) as ScanFact | undefined;
}

/** The item of the newest scan of an image, or what is asked for of it; undefined when none was recorded. */
export async function loadNewest(
  table: Table,
  image: Image,
  part?: Pick<QueryCommandInput, 'ExpressionAttributeNames' | 'ProjectionExpression'>,
  // biome-ignore lint/suspicious/noExplicitAny: what the document client reads has no type of its own
): Promise<Record<string, any> | undefined> {
  const { Items } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :scan)',
      ExpressionAttributeValues: { ':pk': keys.imagePartition(image), ':scan': 'SCAN#' },
      ...part,
      ScanIndexForward: false,
      Limit: 1,
    }),
  );
  return Items?.[0];
}

/** As many of the worst findings as fit, halving the list until they do. */
function pack(findings: readonly Finding[]): { readonly bytes: Uint8Array; readonly kept: number } {
  for (let kept = findings.length; ; kept = Math.floor(kept / 2)) {
    const bytes = deflateRawSync(JSON.stringify(findings.slice(0, kept).map(compact)));
    if (bytes.length <= MAX_FINDINGS_BYTES || kept === 0) return { bytes, kept };
  }
}

/** A finding as a short tuple: the field names would be most of it. */
function compact({ id, severity, packages, score, fix, platforms }: Finding): unknown[] {
  const tuples = packages.map(({ name, version, fixedIn }) => [name, version, fixedIn ?? null]);
  return [id, severity, tuples, score ?? null, fix ?? null, platforms];
}
