import { type BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { invalid, refusal } from './refusal.ts';

type Send = (command: { readonly input: object }) => Promise<object>;

/**
 * A batch of puts, one after the other: a process may die between any two of them, and what is throttled is left out,
 * which is an error only when it is all of them.
 */
export async function putEach({ input }: BatchWriteCommand, send: Send): Promise<object> {
  const [[TableName = '', requests = []] = []] = Object.entries(input.RequestItems ?? {});
  const items = requests.map(({ PutRequest }) => PutRequest?.Item ?? {});
  const keys = new Set(items.map(({ pk, sk }) => JSON.stringify([pk, sk])));
  if (items.length === 0 || items.length > 25) throw invalid('a batch holds 1 to 25 items');
  if (keys.size < items.length) throw invalid('a batch holds an item once');
  const left: typeof requests = [];
  for (const [index, Item] of items.entries())
    await send(new PutCommand({ TableName, Item })).catch((error: Error) => {
      if (error.name !== throttled().name) throw error;
      left.push(requests[index] as (typeof requests)[number]);
    });
  if (left.length === requests.length) throw throttled();
  return { UnprocessedItems: left.length > 0 ? { [TableName]: left } : {} };
}

/** What DynamoDB throws when there is too much to do. */
export function throttled(): Error {
  return refusal('ProvisionedThroughputExceededException', 'the rate of requests is too high');
}
