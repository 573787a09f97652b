import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Respond } from '../../../local/http.ts';
import { jsonProtocol, type Operation, ServiceFault } from '../../../local/json-protocol.ts';
import { memoryDynamoDb } from './client.ts';
import { fromWire, toWire, type WireItem } from './wire.ts';

const COMMANDS = {
  GetItem: GetCommand,
  PutItem: PutCommand,
  UpdateItem: UpdateCommand,
  DeleteItem: DeleteCommand,
  Query: QueryCommand,
  Scan: ScanCommand,
};

/** What of a request and of an answer is an item, and what a list of them. */
const ITEMS_IN = ['Key', 'Item', 'ExpressionAttributeValues', 'ExclusiveStartKey'];
const ITEMS_OUT = ['Item', 'Attributes', 'LastEvaluatedKey'];

interface BatchGetRequest {
  readonly RequestItems: Readonly<Record<string, { readonly Keys: readonly WireItem[] }>>;
}

interface BatchWriteRequest {
  readonly RequestItems: Readonly<
    Record<string, readonly { readonly PutRequest: { readonly Item: WireItem } }[]>
  >;
}

/** The tables in memory as DynamoDB's API has them: many times as fast as dynalite, where a machine is short of time. */
export function respondFromMemory(definitions: readonly CreateTableCommandInput[]): Respond {
  const { client } = memoryDynamoDb(definitions);
  const send = client.send.bind(client) as unknown as (command: object) => Promise<Record<string, unknown>>;

  async function call(Command: new (input: never) => object, input: object): Promise<object> {
    try {
      return withItems(await send(new Command(fromRequest(input) as never)), ITEMS_OUT, toWire);
    } catch (error) {
      if (!(error instanceof Error) || !('$metadata' in error)) throw error;
      throw new ServiceFault(error.name, error.message);
    }
  }
  async function batchGet({ RequestItems }: BatchGetRequest): Promise<object> {
    const asked = Object.entries(RequestItems).map(async ([TableName, { Keys }]) => {
      const answers = await Promise.all(Keys.map((Key) => call(GetCommand, { TableName, Key })));
      return [TableName, answers.flatMap((it) => Object(it).Item ?? [])];
    });
    return { Responses: Object.fromEntries(await Promise.all(asked)), UnprocessedKeys: {} };
  }
  async function batchWrite({ RequestItems }: BatchWriteRequest): Promise<object> {
    const tables = Object.entries(RequestItems).map(([name, requests]) => [
      name,
      requests.map(({ PutRequest: { Item } }) => ({ PutRequest: { Item: fromWire(Item) } })),
    ]);
    return call(BatchWriteCommand, { RequestItems: Object.fromEntries(tables) });
  }
  const operations = Object.entries(COMMANDS).map(([name, Command]): [string, Operation] => [
    name,
    (input) => call(Command, input),
  ]);
  return jsonProtocol({
    ...Object.fromEntries(operations),
    BatchGetItem: batchGet,
    BatchWriteItem: batchWrite,
  });
}

function fromRequest(input: object): object {
  return withItems(input as Record<string, unknown>, ITEMS_IN, fromWire);
}

function withItems(
  document: Readonly<Record<string, unknown>>,
  names: readonly string[],
  change: (item: never) => unknown,
): Record<string, unknown> {
  const changed = Object.entries(document).map(([name, value]) => {
    if (value !== undefined && names.includes(name)) return [name, change(value as never)];
    return [name, name === 'Items' ? (value as never[]).map(change) : value];
  });
  return Object.fromEntries(changed);
}
