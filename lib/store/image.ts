import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Digest } from '../image/digest.ts';
import { provenanceOf, TIERS } from '../image/provenance.ts';
import type { ImageRecord } from '../image/record.ts';
import type { Image, Repository } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import * as keys from './keys.ts';
import { ifHolds, type Table } from './table.ts';

/** Keeps an image, or adds what is new to what is known of it. Idempotent, in any order. */
export async function saveImage(table: Table, record: ImageRecord): Promise<void> {
  const { image, kind, pushedAt, platforms, tags } = record;
  const edges = platforms.map(({ digest, platform }) => ({
    pk: keys.digestPartition(digest),
    sk: `PARENT#${image.digest}#${keys.repositoryKey(image.repository)}`,
    platform,
  }));
  // The image last: whoever finds it may rely on its edges.
  await Promise.all(edges.map((Item) => table.client.send(new PutCommand({ TableName: table.name, Item }))));
  // An index whose manifest could not be read again keeps the platforms that were read once.
  const known = platforms.length > 0 ? ':platforms' : 'if_not_exists(platforms, :platforms)';
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: imageKey(image),
      UpdateExpression: `SET kind = :kind, pushedAt = if_not_exists(pushedAt, :at), platforms = ${known}${tags.length > 0 ? ' ADD tags :tags' : ''}`,
      ExpressionAttributeValues: {
        ':kind': kind,
        ':at': pushedAt,
        ':platforms': platforms,
        ...(tags.length > 0 && { ':tags': new Set(tags) }),
      },
    }),
  );
  await indexCommit(table, record);
}

/** Makes the image findable by its commit; only a stronger source replaces what is there. */
async function indexCommit(table: Table, { image, tags, pushedAt }: ImageRecord): Promise<void> {
  const best = provenanceOf(tags)?.best;
  if (!best) return;
  await ifHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: imageKey(image),
        UpdateExpression: 'SET tier = :tier, gsi2pk = :pk, gsi2sk = :sk',
        ConditionExpression: 'attribute_not_exists(tier) OR tier > :tier',
        ExpressionAttributeValues: {
          ':tier': TIERS[best.tier],
          ':pk': keys.commitPartition(best.commit),
          ':sk': `${best.commit}#${pushedAt}#${keys.repositoryKey(image.repository)}`,
        },
      }),
    ),
  );
}

/** Writes down that an image left the registry, was archived, or (`at` undefined) came back. */
export async function markImage(
  table: Table,
  image: Image,
  mark: 'deletedAt' | 'archivedAt',
  at: Instant | undefined,
): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: imageKey(image),
      UpdateExpression: at ? 'SET #mark = :at' : 'REMOVE #mark',
      ExpressionAttributeNames: { '#mark': mark },
      ...(at && { ExpressionAttributeValues: { ':at': at } }),
    }),
  );
}

/** The image as the lineage knows it; undefined when it does not. */
export async function loadImage(table: Table, image: Image): Promise<ImageRecord | undefined> {
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: imageKey(image) }));
  if (!Item?.kind) return undefined;
  const { kind, pushedAt, platforms, tags, archivedAt, deletedAt } = Item;
  return {
    image,
    kind,
    pushedAt,
    platforms,
    tags: [...(tags ?? [])].sort(),
    ...(archivedAt && { archivedAt }),
    ...(deletedAt && { deletedAt }),
  };
}

/** The digests of the image indexes in the same repository that list this manifest. */
export async function findParents(table: Table, { repository, digest }: Image): Promise<readonly Digest[]> {
  const { Items } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :parent)',
      ExpressionAttributeValues: { ':pk': keys.digestPartition(digest), ':parent': 'PARENT#' },
    }),
  );
  const here = `#${keys.repositoryKey(repository)}`;
  return (Items ?? []).filter(({ sk }) => sk.endsWith(here)).map(({ sk }) => sk.split('#')[1]);
}

/** Lets a person find the repository by its name alone. Idempotent. */
export async function saveRepository(table: Table, { account, region, name }: Repository): Promise<void> {
  const item = { pk: keys.namePartition(name), sk: `R#${account}#${region}`, account, region };
  await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
}

/** The repositories with this name, one for each account and region. */
export async function findRepositories(table: Table, name: string): Promise<readonly Repository[]> {
  const { Items } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': keys.namePartition(name) },
    }),
  );
  return (Items ?? []).map(({ account, region }) => ({ account, region, name }));
}

function imageKey(image: Image): { pk: string; sk: string } {
  return { pk: keys.digestPartition(image.digest), sk: `AT#${keys.repositoryKey(image.repository)}` };
}
