import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Digest } from '../image/digest.ts';
import { TIERS } from '../image/evidence.ts';
import type { Mark } from '../image/mark.ts';
import type { Platform } from '../image/platform.ts';
import type { ImageRecord } from '../image/record.ts';
import type { Image, Repository } from '../image/reference.ts';
import { tagEvidence } from '../image/tag-form.ts';
import type { Instant } from '../instant.ts';
import { parseEvidence } from './evidence-text.ts';
import * as keys from './keys.ts';
import { ifHolds, ifWritten, type Table } from './table.ts';

/** Keeps an image, or adds what is new to what is known of it. Idempotent, in any order. */
export async function saveImage(table: Table, record: Omit<ImageRecord, 'marks'>): Promise<void> {
  const { image, kind, pushedAt, platforms, attestations, tags, isUpstream } = record;
  const children = [...platforms, ...attestations.map((digest) => ({ digest }))];
  // The image last: whoever finds it may rely on its edges.
  await Promise.all(children.map((child) => saveParent(table, image, child)));
  // An index whose manifest was not read this time keeps what was read once.
  const list = (name: string) => (children.length > 0 ? `:${name}` : `if_not_exists(${name}, :${name})`);
  const save = (byCommit?: CommitIndex) =>
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.imageKey(image),
        UpdateExpression: `SET kind = :kind, pushedAt = if_not_exists(pushedAt, :at), platforms = ${list('platforms')}, attestations = ${list('attestations')}${isUpstream ? ', isUpstream = :upstream' : ''}${byCommit ? BY_COMMIT.set : ''}${tags.length > 0 ? ' ADD tags :tags' : ''}`,
        ...(byCommit && { ConditionExpression: BY_COMMIT.condition }),
        ExpressionAttributeValues: {
          ':kind': kind,
          ':at': pushedAt,
          ':platforms': platforms,
          ':attestations': attestations,
          ...(isUpstream && { ':upstream': true }),
          ...(tags.length > 0 && { ':tags': new Set(tags) }),
          ...byCommit,
        },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
  // One write where the commit is new, which is nearly always; two where a better one is known already.
  const byCommit = commitIndex(record);
  const saved = (byCommit && (await ifWritten(save(byCommit)))) || (await save());
  if (saved.Attributes?.pushedAt > pushedAt) await ifHolds(lowerPushedAt(table, image, pushedAt));
}

function lowerPushedAt(table: Table, image: Image, pushedAt: Instant): Promise<unknown> {
  return table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: keys.imageKey(image),
      UpdateExpression: 'SET pushedAt = :at',
      ConditionExpression: 'pushedAt > :at',
      ExpressionAttributeValues: { ':at': pushedAt },
    }),
  );
}

async function saveParent(
  table: Table,
  { digest, repository }: Image,
  child: { readonly digest: Digest; readonly platform?: Platform },
): Promise<void> {
  const { digest: childDigest, ...rest } = child;
  const key = {
    pk: keys.digestPartition(childDigest),
    sk: `PARENT#${digest}#${keys.repositoryKey(repository)}`,
  };
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...key, ...rest } }));
}

interface CommitIndex {
  readonly ':tier': number;
  readonly ':pk': string;
  readonly ':sk': string;
}

/**
 * Makes the image findable by its commit. A stronger source replaces what is there; of equals the first in the
 * alphabet stays, so that the order in which they come does not matter. The same again holds: two tags that are
 * told at once then cost one write each.
 */
const BY_COMMIT = {
  set: ', tier = :tier, gsi2pk = :pk, gsi2sk = :sk',
  condition: 'attribute_not_exists(tier) OR tier > :tier OR (tier = :tier AND gsi2sk >= :sk)',
} as const;

/**
 * Of tags the one that the condition would leave, by what each says alone: whether they come together or one by one,
 * they end alike. What the documents say is stronger than any tag.
 */
function commitIndex({
  image,
  tags,
  evidence,
  pushedAt,
}: Omit<ImageRecord, 'marks'>): CommitIndex | undefined {
  const documented = evidence.find(({ doubt }) => doubt === undefined);
  const named = documented ? [documented] : tags.flatMap((tag) => tagEvidence(tag) ?? []);
  const [best] = named
    .filter(({ doubt }) => doubt === undefined)
    .map(({ tier, commit }) => ({
      ':tier': TIERS[tier],
      ':pk': keys.commitPartition(commit),
      ':sk': `${commit}#${pushedAt}#${keys.repositoryKey(image.repository)}`,
    }))
    .sort((a, b) => a[':tier'] - b[':tier'] || (a[':sk'] < b[':sk'] ? -1 : 1));
  return best;
}

/** Writes down what happened to an image as a whole. Idempotent, in any order, before or after `saveImage`. */
export async function saveMark(table: Table, image: Image, { op, at }: Mark): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: keys.imageKey(image),
      UpdateExpression: 'ADD marks :mark',
      ExpressionAttributeValues: { ':mark': new Set([`${at}#${op}`]) },
    }),
  );
}

/** The image as the lineage knows it; undefined when it does not. */
export async function loadImage(table: Table, image: Image): Promise<ImageRecord | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: keys.imageKey(image) }),
  );
  return toRecord(image, Item);
}

/** An image's item as a record; undefined for no item, or for one that only has marks so far. */
export function toRecord(
  image: Image,
  // biome-ignore lint/suspicious/noExplicitAny: what the document client reads has no type of its own
  Item: Readonly<Record<string, any>> | undefined,
): ImageRecord | undefined {
  if (!Item?.kind) return undefined;
  const {
    kind,
    pushedAt,
    platforms,
    attestations,
    tags = [],
    evidence,
    unread,
    marks = [],
    isUpstream,
  } = Item;
  return {
    image,
    kind,
    pushedAt,
    platforms,
    attestations,
    tags: [...tags].sort(),
    evidence: parseEvidence(evidence),
    ...(unread && { unread }),
    marks: [...marks].sort().map(toMark),
    ...(isUpstream && { isUpstream }),
  };
}

function toMark(text: string): Mark {
  const [at, op] = text.split('#');
  return { op, at } as Mark;
}

/** The digests of the image indexes in the same repository that list this manifest, as a platform or an attestation. */
export async function findParents(table: Table, { repository, digest }: Image): Promise<readonly Digest[]> {
  const here = `#${keys.repositoryKey(repository)}`;
  const parents: Digest[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  // The partition is that of all repositories: a platform that many share has more parents than a page.
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :parent)',
        ExpressionAttributeValues: { ':pk': keys.digestPartition(digest), ':parent': 'PARENT#' },
        ExclusiveStartKey,
      }),
    );
    parents.push(
      ...(page.Items ?? []).filter(({ sk }) => sk.endsWith(here)).map(({ sk }) => sk.split('#')[1]),
    );
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return parents;
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
