import { GetCommand, PutCommand, UpdateCommand, type UpdateCommandOutput } from '@aws-sdk/lib-dynamodb';
import type { Digest } from '../image/digest.ts';
import type { Evidence } from '../image/evidence.ts';
import type { Mark } from '../image/mark.ts';
import type { Platform } from '../image/platform.ts';
import type { ImageRecord } from '../image/record.ts';
import { type Image, type Repository, repositoryKey } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import { together } from '../together.ts';
import { type CommitIndex, documentedCommit, IF_STRONGER, SET_COMMIT, taggedCommit } from './commit-index.ts';
import { formatEvidence, ifStill, parseEvidence, stillValues } from './evidence-text.ts';
import * as keys from './keys.ts';
import { queryAll } from './query.ts';
import { ifHolds, ifWritten, type Table } from './table.ts';

/** An image as it was pushed. */
export interface PushedImage extends Omit<ImageRecord, 'marks'> {
  /** What its documents say, with `evidence`, which is what was on record before. */
  readonly read?: readonly Evidence[];
}

/**
 * Keeps an image, or adds what is new to what is known of it. Idempotent, in any order. With `read` the evidence is kept in
 * the same write: false, and neither is, when somebody added other evidence meanwhile.
 */
export async function saveImage(table: Table, pushed: PushedImage): Promise<boolean> {
  const { image, pushedAt, platforms, attestations, evidence, read = [] } = pushed;
  const children = [...platforms, ...attestations.map((digest) => ({ digest }))];
  // The image last: whoever finds it may rely on its edges.
  await together(children.map((child) => saveParent(table, image, child)));
  const documented = documentedCommit(pushed, read.length > 0 ? read : evidence);
  const byCommit = documented ?? taggedCommit(pushed);
  // What is read with nothing else on record is the strongest there is; a tag has to be held against other tags.
  const ifBest = byCommit && !(documented && read.length > 0) ? [`(${IF_STRONGER})`] : [];
  const conditions = [
    ...(read.length > 0 ? [`(${ifStill(evidence)} OR evidence = :evidence)`] : []),
    ...ifBest,
  ];
  const best = { ...pushed, byCommit, conditions };
  // One write where the commit is new, which is nearly always; two where a better one is known already.
  const saved =
    (await ifWritten(write(table, best))) ??
    (read.length > 0 ? undefined : await write(table, { ...pushed, conditions: [] }));
  if (saved?.Attributes?.pushedAt > pushedAt) await ifHolds(lowerPushedAt(table, image, pushedAt));
  return saved !== undefined;
}

interface Change extends PushedImage {
  readonly byCommit?: CommitIndex | undefined;
  readonly conditions: readonly string[];
}

function write({ client, name }: Table, change: Change): Promise<UpdateCommandOutput> {
  const { image, kind, pushedAt, platforms, attestations, tags, isUpstream, evidence } = change;
  const { byCommit, conditions, read = [] } = change;
  const hex = image.digest.slice('sha256:'.length);
  const isListed = platforms.length + attestations.length > 0;
  // An index whose manifest was not read this time keeps what was read once.
  const list = (it: string) => `${it} = ${isListed ? `:${it}` : `if_not_exists(${it}, :${it})`}`;
  const set = [
    ...['kind = :kind', 'pushedAt = if_not_exists(pushedAt, :at)', list('platforms'), list('attestations')],
    'gsi1pk = :prefix, gsi1sk = :digest',
    ...(isUpstream ? ['isUpstream = :upstream'] : []),
    ...(byCommit ? [SET_COMMIT] : []),
    ...(read.length > 0 ? ['evidence = :evidence'] : []),
  ];
  return client.send(
    new UpdateCommand({
      TableName: name,
      Key: keys.imageKey(image),
      UpdateExpression: `SET ${set.join(', ')}${tags.length > 0 ? ' ADD tags :tags' : ''}`,
      ...(conditions.length > 0 && { ConditionExpression: conditions.join(' AND ') }),
      ExpressionAttributeValues: {
        ...{ ':kind': kind, ':at': pushedAt, ':platforms': platforms, ':attestations': attestations },
        ...{ ':prefix': keys.digestPrefixPartition(hex), ':digest': keys.digestSortKey(image) },
        ...(isUpstream && { ':upstream': true }),
        ...(tags.length > 0 && { ':tags': new Set(tags) }),
        ...byCommit,
        ...(read.length > 0 && { ':evidence': formatEvidence(read), ...stillValues(evidence) }),
      },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
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
    sk: `PARENT#${digest}#${repositoryKey(repository)}`,
  };
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...key, ...rest } }));
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
  // The partition is that of all repositories: a platform that many share has more parents than a page.
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :parent)',
    ExpressionAttributeValues: { ':pk': keys.digestPartition(digest), ':parent': 'PARENT#' },
  });
  const here = `#${repositoryKey(repository)}`;
  return items.filter(({ sk }) => sk.endsWith(here)).map(({ sk }) => sk.split('#')[1]);
}

/** Lets a person find the repository by its name alone, and among all. Idempotent. */
export async function saveRepository(table: Table, repository: Repository): Promise<void> {
  const { account, region } = repository;
  const item = { ...keys.nameKey(repository), ...keys.listedRepository(repository), account, region };
  await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
}
