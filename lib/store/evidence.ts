import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Digest } from '../image/digest.ts';
import { type Evidence, TIERS } from '../image/evidence.ts';
import { allEvidence } from '../image/provenance.ts';
import type { ImageRecord } from '../image/record.ts';
import { type Image, repositoryKey } from '../image/reference.ts';
import { formatEvidence, parseEvidence } from './evidence-text.ts';
import * as keys from './keys.ts';
import { ifHolds, type Table } from './table.ts';

/**
 * Keeps all the evidence of an image, at most MAX_EVIDENCE, in one write; `unread` says why some of its documents could
 * not be read. The strongest that is believed makes the image findable by its commit: it is never weaker than a tag,
 * so that nobody has to be asked. False when the evidence is not what it was in `known`: read it again.
 */
export async function saveEvidence(
  table: Table,
  known: ImageRecord,
  evidence: readonly Evidence[],
  unread?: string,
): Promise<boolean> {
  const byCommit = commitIndex(known, evidence);
  // What cannot be read of an image of which nothing is known leaves the reason, and no empty list.
  const isNamed = evidence.length > 0;
  const set = [
    ...(isNamed ? ['evidence = :evidence'] : []),
    ...(byCommit ? ['tier = :tier', 'gsi2pk = :pk', 'gsi2sk = :sk'] : []),
    ...(unread ? ['unread = :unread'] : []),
  ];
  const changes = [
    ...(set.length > 0 ? [`SET ${set.join(', ')}`] : []),
    ...(unread ? [] : ['REMOVE unread']),
  ];
  return ifHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.imageKey(known.image),
        UpdateExpression: changes.join(' '),
        ConditionExpression:
          known.evidence.length > 0 ? 'evidence = :known' : 'attribute_not_exists(evidence)',
        ExpressionAttributeValues: valuesOrNone({
          ...(isNamed && { ':evidence': formatEvidence(evidence) }),
          ...(known.evidence.length > 0 && { ':known': formatEvidence(known.evidence) }),
          ...byCommit,
          ...(unread && { ':unread': unread }),
        }),
      }),
    ),
  );
}

/** DynamoDB refuses an empty map of values. */
function valuesOrNone(values: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  return Object.keys(values).length > 0 ? values : undefined;
}

function commitIndex({ image, pushedAt }: ImageRecord, evidence: readonly Evidence[]) {
  const best = evidence.find(({ doubt }) => doubt === undefined);
  if (!best) return undefined;
  return {
    ':tier': TIERS[best.tier],
    ':pk': keys.commitPartition(best.commit),
    ':sk': `${best.commit}#${pushedAt}#${repositoryKey(image.repository)}`,
  };
}

/** All the evidence that is kept of an image, also before its push is on record. */
export async function loadEvidence(table: Table, image: Image): Promise<readonly Evidence[]> {
  const { Item } = await table.client.send(
    new GetCommand({
      TableName: table.name,
      Key: keys.imageKey(image),
      ProjectionExpression: 'evidence',
      ConsistentRead: true,
    }),
  );
  return parseEvidence(Item?.evidence);
}

/** The commits that are named for a digest, in whichever repository. */
export async function findCommits(table: Table, digest: Digest): Promise<readonly string[]> {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :at)',
      ExpressionAttributeValues: { ':pk': keys.digestPartition(digest), ':at': 'AT#' },
    }),
  );
  const named = Items.flatMap(({ tags = [], evidence }) => allEvidence([...tags], parseEvidence(evidence)));
  return [...new Set(named.map(({ commit }) => commit))];
}
