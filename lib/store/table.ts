import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** One DynamoDB table and the client that reaches it. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

/** Runs a conditional write and returns its answer; undefined when the condition did not hold. */
export async function ifWritten<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
    throw error;
  }
}

/** Runs a conditional write; false when the condition did not hold. Throws the SDK's error for the rest. */
export async function ifHolds(write: Promise<unknown>): Promise<boolean> {
  return (await ifWritten(write.then(() => true))) ?? false;
}
