import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Image, Repository, Tag } from '../image/reference.ts';
import type { TagName } from '../image/tag-event.ts';
import type { TagHead, TagHint } from '../image/tag-head.ts';
import type { Verification } from '../image/verification.ts';
import type { ScanHintMark } from '../scan/hint-mark.ts';
import * as keys from './keys.ts';
import { queryAll } from './query.ts';
import type { Table } from './table.ts';
import { toHead } from './tag-history.ts';

/** How long a hint about a scan is remembered. */
const KEPT_SECONDS = 90 * 86_400;

const CURSOR = { pk: 'RECONCILE', sk: 'CURSOR' };

/** Where the lineage says that each tag of a repository stands, every tag it ever had. Read consistently. */
export async function loadHeads(table: Table, repository: Repository): Promise<ReadonlyMap<Tag, TagHead>> {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :tag)',
    ExpressionAttributeValues: { ':pk': keys.repositoryPartition(repository), ':tag': 'TAG#' },
    ConsistentRead: true,
  });
  return new Map(items.map((item) => [item.sk.slice('TAG#'.length), toHead(item)]));
}

/** Remembers beside a tag's head what was found missing about it. */
export async function saveTagHint(table: Table, { repository, tag }: TagName, hint: TagHint): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: { pk: keys.repositoryPartition(repository), sk: `TAG#${tag}` },
      UpdateExpression: 'SET hinted = :hint',
      ExpressionAttributeValues: { ':hint': hint },
    }),
  );
}

/** When a repository was last held against the registry; undefined when it never was. */
export async function loadVerification(
  table: Table,
  repository: Repository,
): Promise<Verification | undefined> {
  // Where it was until it lay beside the name: what was verified then stays so over an upgrade.
  const former = { pk: keys.repositoryPartition(repository), sk: 'RECON' };
  for (const Key of [keys.verificationKey(repository), former]) {
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key }));
    if (Item) return toVerification(Item);
  }
  return undefined;
}

/** The item of a verification; undefined for no item. */
export function toVerification(
  // biome-ignore lint/suspicious/noExplicitAny: what the document client reads has no type of its own
  Item: Readonly<Record<string, any>> | undefined,
): Verification | undefined {
  if (!Item) return undefined;
  const { verifiedAt, since, settledBefore } = Item;
  return { verifiedAt, since, ...(settledBefore && { settledBefore }) };
}

/** Keeps it beside the name, where whoever lists all repositories finds it as well. */
export async function saveVerification(
  table: Table,
  repository: Repository,
  verification: Verification,
): Promise<void> {
  const key = { ...keys.verificationKey(repository), ...keys.listedRepository(repository) };
  const Item = { ...key, ...verification };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
}

/** The repository after which the walk goes on; undefined when the last walk came to its end. */
export async function loadCursor(table: Table): Promise<string | undefined> {
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: CURSOR }));
  return Item?.after;
}

export async function saveCursor(table: Table, after: string | undefined): Promise<void> {
  await table.client.send(
    new PutCommand({ TableName: table.name, Item: { ...CURSOR, ...(after && { after }) } }),
  );
}

/** The hint about an image's scan that was sent last; undefined when none was. */
export async function loadScanHint(table: Table, image: Image): Promise<ScanHintMark | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: scanHintKey(image) }),
  );
  if (!Item) return undefined;
  const { reason, at, times, completedAt } = Item;
  return { reason, at, times, ...(completedAt && { completedAt }) };
}

export async function saveScanHint(table: Table, image: Image, hint: ScanHintMark): Promise<void> {
  const expiresAt = Math.floor(Date.parse(hint.at) / 1000) + KEPT_SECONDS;
  const Item = { ...scanHintKey(image), ...hint, expiresAt };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
}

function scanHintKey(image: Image) {
  return { pk: keys.imagePartition(image), sk: 'RECON' };
}
