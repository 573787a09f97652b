import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { parseDigest } from '../image/digest.ts';
import { type Image, parseRepositoryName } from '../image/reference.ts';
import type { Period } from '../instant.ts';
import { imagePartition } from './keys.ts';
import type { Table } from './table.ts';

/**
 * The images that were pushed under a tag or scanned in a period, each once. No index is sorted by time over all
 * images, so both tables are read through: for a person who asks once, not for a function.
 */
export async function findRecorded(lineage: Table, ledger: Table, period: Period): Promise<readonly Image[]> {
  const images = [...(await read(lineage, 'E#', period)), ...(await read(ledger, 'SCAN#', period))];
  return [...new Map(images.map((it) => [imagePartition(it), it])).values()];
}

async function read(table: Table, kind: string, { from, to }: Period): Promise<readonly Image[]> {
  const images: Image[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await table.client.send(
      new ScanCommand({
        TableName: table.name,
        ProjectionExpression: 'pk, digest',
        FilterExpression: 'sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':from': `${kind}${from}`, ':to': `${kind}${to}#~` },
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      }),
    );
    images.push(...(page.Items ?? []).flatMap(toImage));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return images;
}

/** `TAG#…#<tag>` with the digest beside it, or `IMG#…#<digest>`; an event without a digest is about no image. */
function toImage({ pk, digest }: Record<string, unknown>): readonly Image[] {
  const [, account = '', region = '', name = '', last = ''] = String(pk).split('#');
  const named = String(pk).startsWith('IMG#') ? last : digest;
  if (typeof named !== 'string') return [];
  return [{ repository: { account, region, name: parseRepositoryName(name) }, digest: parseDigest(named) }];
}
