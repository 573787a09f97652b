import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { ifHolds, type Table } from './table.ts';

/** A request is taken for five minutes before and after its time: what is forgotten then is too old by itself. */
const KEEP_SECONDS = 3_600;

/**
 * Remembers that a request was taken; false when another with its signature was. `token` names who asks: a write
 * that the client sends twice, since its first answer was lost, finds itself. `signature` is checked hex.
 */
export async function takeNonce(
  table: Table,
  signature: string,
  atSeconds: number,
  token: string,
): Promise<boolean> {
  return ifHolds(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { pk: `NONCE#${signature}`, sk: 'SLACK', token, expiresAt: atSeconds + KEEP_SECONDS },
        ConditionExpression: 'attribute_not_exists(pk) OR #token = :token',
        ExpressionAttributeNames: { '#token': 'token' },
        ExpressionAttributeValues: { ':token': token },
      }),
    ),
  );
}
