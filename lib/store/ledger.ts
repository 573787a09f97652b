import { randomUUID } from 'node:crypto';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Settlement } from '../delivery/deliver.ts';
import { type Delivery, imageOf, type SinkName } from '../delivery/delivery.ts';
import { type Claim, doubtOf, LEASE_SECONDS, type LedgerItem, whyNot } from '../delivery/state.ts';
import * as keys from './keys.ts';
import { ifHolds, type Table } from './table.ts';

const KEEP_SECONDS = 180 * 24 * 3600;

/**
 * Claims a delivery for one worker, until its lease ends; `release` is the hold that its message ends. `attempts`
 * counts claims: also those after which a storm's digest held the message back, as `why` says. One update
 * on the happy path, under the condition of `mayClaim`; only when that does not hold is the item read, to say why.
 */
export async function claim(
  table: Table,
  delivery: Delivery,
  sink: SinkName,
  nowMs = Date.now(),
  release?: string,
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
            'SET #state = :sending, leaseUntilMs = :until, #token = :token, expiresAt = :expiry, ' +
            'firstTryMs = if_not_exists(firstTryMs, :now) ADD attempts :one',
          ConditionExpression:
            'attribute_not_exists(pk) OR #state IN (:retry, :unsure, :dead) ' +
            'OR (#state = :sending AND leaseUntilMs < :now) OR (#state = :held AND #token = :release)',
          ExpressionAttributeNames: { '#state': 'state', '#token': 'token' },
          ExpressionAttributeValues: {
            ':sending': 'SENDING',
            ':retry': 'RETRY',
            ':unsure': 'UNSURE',
            ':dead': 'DEAD',
            ':held': 'HELD',
            ':release': release ?? '',
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
  if (won) return { state: 'claimed', token, doubt: doubtOf(past, release), ...sinceOf(past) };
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key, ConsistentRead: true }),
  );
  // The client repeats a request whose reply was lost, and its repeat meets what the first one wrote: it is ours. What
  // was there before is not known any more, except that before a first try there was nothing.
  if (Item?.token === token)
    return {
      state: 'claimed',
      token,
      doubt: Item.attempts === 1 ? 'none' : 'open',
      ...sinceOf(toLedgerItem(Item)),
    };
  return whyNot(toLedgerItem(Item));
}

function sinceOf(item: LedgerItem | undefined): Pick<LedgerItem, 'firstTryMs'> {
  return item?.firstTryMs === undefined ? {} : { firstTryMs: item.firstTryMs };
}

/** True when a worker has claimed the delivery before, and it has not been sent so far. */
export async function isUnderWay(table: Table, delivery: Delivery, sink: SinkName): Promise<boolean> {
  const Key = deliveryKey(delivery, sink);
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key, ConsistentRead: true }),
  );
  return Item !== undefined && Item.state !== 'SENT';
}

/** Writes down how a try ended, under the condition of `maySettle`: does nothing when another has claimed it since. */
export async function settle(
  table: Table,
  delivery: Delivery,
  sink: SinkName,
  token: string,
  { state, possibleRepeat, receipt, why }: Settlement,
): Promise<void> {
  const unsure = state === 'UNSURE' || state === 'HELD' || possibleRepeat ? ', unsure = :true' : '';
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
  const { state, leaseUntilMs, token, unsure, firstTryMs } = item as unknown as LedgerItem;
  return {
    state,
    leaseUntilMs,
    token,
    unsure: unsure ?? false,
    ...(firstTryMs !== undefined && { firstTryMs }),
  };
}
