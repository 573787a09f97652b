import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SinkName } from '../delivery/delivery.ts';
import { toInstant } from '../instant.ts';
import { ifHolds, type Table } from './table.ts';

/** Long enough to be looked at after an incident. */
const KEEP_SECONDS = 7 * 24 * 3600;

/**
 * Counts so many more messages of a sink in the window that began then, in one conditional update; undefined, and
 * nothing is counted, when it would be more than `most`. Each channel has windows of its own.
 */
export async function countInWindow(
  table: Table,
  sink: SinkName,
  windowStart: Date,
  messages: number,
  most: number,
  channel = '',
): Promise<number | undefined> {
  let counted: number | undefined;
  await ifHolds(
    table.client
      .send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk: `WINDOW#${sink}${channel && `#${channel}`}`, sk: toInstant(windowStart) },
          UpdateExpression: 'SET expiresAt = :expiry ADD messages :more',
          ConditionExpression: 'attribute_not_exists(pk) OR messages <= :room',
          ExpressionAttributeValues: {
            ':more': messages,
            ':room': most - messages,
            ':expiry': Math.floor(windowStart.getTime() / 1000) + KEEP_SECONDS,
          },
          ReturnValues: 'UPDATED_NEW',
        }),
      )
      .then(({ Attributes }) => {
        counted = Number(Attributes?.messages);
      }),
  );
  return counted;
}
