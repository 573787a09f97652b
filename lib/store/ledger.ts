import { randomUUID } from 'node:crypto';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Settlement } from '../delivery/deliver.ts';
import { type Delivery, imageOf, type SinkName } from '../delivery/delivery.ts';
import { type Claim, isPossibleRepeat, LEASE_SECONDS, type LedgerItem } from '../delivery/state.ts';
import * as keys from './keys.ts';
import { ifHolds, type Table } from './table.ts';

const KEEP_SECONDS = 180 * 24 * 3600;

/**
 * Claims a delivery for one worker, until its lease ends. One conditional update on the happy path; only when it
 * does not hold is the item read, to say why.
 */
export async function claim(
  table: Table,
  delivery: Delivery,
  sink: SinkName,
  nowMs = Date.now(),
): Promise<Claim> {
  const token = randomUUID();
  const Key = deliveryKey(delivery, sink);
  let past: LedgerItem | undefined;
  const won = await ifHolds(
    table.client
      .send(
        new UpdateCommand({
          TableName: table.name,
          Key,
          UpdateExpression:
            'SET #state = :sending, leaseUntilMs = :until, #token = :token, expiresAt = :expiry ADD attempts :one',
          ConditionExpression:
            'attribute_not_exists(pk) OR #state IN (:retry, :unsure, :dead) OR (#state = :sending AND leaseUntilMs < :now)',
          ExpressionAttributeNames: { '#state': 'state', '#token': 'token' },
          ExpressionAttributeValues: {
            ':sending': 'SENDING',
            ':retry': 'RETRY',
            ':unsure': 'UNSURE',
            ':dead': 'DEAD',
            ':until': nowMs + LEASE_SECONDS * 1000,
            ':now': nowMs,
            ':token': token,
            ':expiry': Math.floor(nowMs / 1000) + KEEP_SECONDS,
            ':one': 1,
          },
          ReturnValues: 'ALL_OLD',
        }),
      )
      .then(({ Attributes }) => {
        past = toLedgerItem(Attributes);
      }),
  );
  if (won) {
    const possibleRepeat = isPossibleRepeat(past);
    return { state: 'claimed', token, possibleRepeat };
  }
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key, ConsistentRead: true }),
  );
  const state = toLedgerItem(Item)?.state;
  return { state: state === 'SENT' ? 'sent-before' : 'held' };
}

/** Writes down how a try ended; does nothing when another worker has claimed the delivery since (fencing). */
export async function settle(
  table: Table,
  delivery: Delivery,
  sink: SinkName,
  token: string,
  { state, possibleRepeat, receipt, why }: Settlement,
): Promise<void> {
  const unsure = state === 'UNSURE' || possibleRepeat ? ', unsure = :true' : '';
  await ifHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: deliveryKey(delivery, sink),
        UpdateExpression: `SET #state = :state, receipt = :receipt, why = :why${unsure}`,
        ConditionExpression: '#token = :token AND #state = :sending',
        ExpressionAttributeNames: { '#state': 'state', '#token': 'token' },
        ExpressionAttributeValues: {
          ':state': state,
          ':receipt': receipt ?? null,
          ':why': why ?? null,
          ':token': token,
          ':sending': 'SENDING',
          ...(unsure && { ':true': true }),
        },
      }),
    ),
  );
}

function deliveryKey(delivery: Delivery, sink: SinkName): { pk: string; sk: string } {
  return { pk: keys.imagePartition(imageOf(delivery)), sk: `DLV#${sink}#${delivery.key}` };
}

function toLedgerItem(item: Record<string, unknown> | undefined): LedgerItem | undefined {
  if (!item) return undefined;
  const { state, leaseUntilMs, unsure } = item as unknown as LedgerItem;
  return { state, leaseUntilMs, unsure: unsure ?? false };
}
