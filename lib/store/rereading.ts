import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Image } from '../image/reference.ts';
import * as keys from './keys.ts';
import { ifHolds, type Table } from './table.ts';

/** The plan means nothing once it is over. */
const KEEP_SECONDS = 24 * 3600;

/**
 * Plans to read the scan of an image again at `dueMs`; false when it is planned for later than `coveredMs` already.
 * One item per image, one conditional write. Epoch milliseconds.
 */
export async function planReading(
  table: Table,
  image: Image,
  dueMs: number,
  coveredMs: number,
): Promise<boolean> {
  return ifHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: keys.imagePartition(image), sk: 'REREAD' },
        UpdateExpression: 'SET dueMs = :due, expiresAt = :expiry',
        ConditionExpression: 'attribute_not_exists(pk) OR dueMs <= :covered',
        ExpressionAttributeValues: {
          ':due': dueMs,
          ':covered': coveredMs,
          ':expiry': Math.floor(dueMs / 1000) + KEEP_SECONDS,
        },
      }),
    ),
  );
}
