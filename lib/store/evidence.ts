import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Digest } from '../image/digest.ts';
import type { Evidence } from '../image/evidence.ts';
import { allEvidence } from '../image/provenance.ts';
import type { ImageRecord } from '../image/record.ts';
import type { Image } from '../image/reference.ts';
import { documentedCommit, SET_COMMIT } from './commit-index.ts';
import { formatEvidence, ifStill, parseEvidence, stillValues } from './evidence-text.ts';
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
  const byCommit = documentedCommit(known, evidence);
  // What cannot be read of an image of which nothing is known leaves the reason, and no empty list.
  const isNamed = evidence.length > 0;
  const set = [
    ...(isNamed ? ['evidence = :evidence'] : []),
    ...(byCommit ? [SET_COMMIT] : []),
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
        ConditionExpression: ifStill(known.evidence),
        ExpressionAttributeValues: valuesOrNone({
          ...(isNamed && { ':evidence': formatEvidence(evidence) }),
          ...stillValues(known.evidence),
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
