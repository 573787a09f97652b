import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Digest } from '../image/digest.ts';
import { type Image, parseRepositoryName, type Repository, repositoryKey } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import type { IndexedFinding, IndexedImage } from '../scan/indexed-image.ts';
import { batchPut } from './batch-put.ts';
import { repositoryPartition } from './keys.ts';
import { queryPartition } from './query.ts';
import { ifHolds, type Table } from './table.ts';

/** What the scans of one image have found so far; undefined when none was indexed. */
export async function loadFound(table: Table, image: Image): Promise<IndexedImage | undefined> {
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: foundKey(image) }));
  return Item && toIndexed(image, Item);
}

/** Keeps what the scans of one image have found; false when somebody else wrote since `before` was read. */
export async function saveFound(
  table: Table,
  { image, pushedAt, readAt, found, leftOut }: IndexedImage,
  before: Instant | undefined,
): Promise<boolean> {
  const Item = { ...foundKey(image), pushedAt, readAt, found: pack(found), ...(leftOut > 0 && { leftOut }) };
  return ifHolds(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item,
        ConditionExpression: before ? 'readAt = :before' : 'attribute_not_exists(pk)',
        ...(before && { ExpressionAttributeValues: { ':before': before } }),
      }),
    ),
  );
}

/** A page of the images of a repository of which scans are indexed; a page is a megabyte. */
export async function listFound(
  table: Table,
  repository: Repository,
  page?: string,
): Promise<{ readonly images: readonly IndexedImage[]; readonly next?: string }> {
  const pk = foundPartition(repository);
  const { Items = [], LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ...(page && { ExclusiveStartKey: { pk, sk: page } }),
    }),
  );
  const images = Items.map((item) => toIndexed({ repository, digest: item.sk as Digest }, item));
  return { images, ...(LastEvaluatedKey && { next: String(LastEvaluatedKey.sk) }) };
}

/** The ids that were ever found in a repository and that have a sighting each. */
export async function loadKnownIds(table: Table, repository: Repository): Promise<ReadonlySet<string>> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: knownKey(repository) }),
  );
  return new Set(Item ? (unpack(Item.ids) as string[]) : []);
}

export async function saveKnownIds(
  table: Table,
  repository: Repository,
  ids: ReadonlySet<string>,
): Promise<void> {
  // What one of two workers forgets of the other's is written again when it is seen again.
  const Item = { ...knownKey(repository), ids: pack([...ids].sort()) };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
}

/** Lets a repository be found by the ids of findings: the same items whoever writes them, and however often. */
export function saveSightings(table: Table, ids: readonly string[], repository: Repository): Promise<void> {
  const sk = `R#${repositoryKey(repository)}`;
  return batchPut(
    table,
    ids.map((id) => ({ pk: `CVE#${id}`, sk })),
  );
}

/** The repositories in which a finding of this id was ever found. */
export async function findSightings(table: Table, id: string): Promise<readonly Repository[]> {
  const items = await queryPartition(table, `CVE#${id}`);
  return items.map(({ sk }) => {
    const [, account = '', region = '', name = ''] = String(sk).split('#');
    return { account, region, name: parseRepositoryName(name) };
  });
}

function toIndexed(image: Image, item: Readonly<Record<string, unknown>>): IndexedImage {
  const { pushedAt, readAt, found, leftOut = 0 } = item;
  return {
    image,
    pushedAt: pushedAt as Instant,
    readAt: readAt as Instant,
    found: unpack(found as Uint8Array) as IndexedFinding[],
    leftOut: leftOut as number,
  };
}

function pack(value: unknown): Uint8Array {
  return deflateRawSync(JSON.stringify(value));
}

function unpack(bytes: Uint8Array): unknown {
  return JSON.parse(inflateRawSync(bytes).toString());
}

function foundPartition(repository: Repository): string {
  return `FOUND#${repositoryKey(repository)}`;
}

function foundKey({ repository, digest }: Image): { pk: string; sk: string } {
  return { pk: foundPartition(repository), sk: digest };
}

function knownKey(repository: Repository): { pk: string; sk: string } {
  return { pk: repositoryPartition(repository), sk: 'FOUND' };
}
