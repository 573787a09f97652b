import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { type Item, itemSize } from '../test/doubles/memory-dynamodb/value.ts';

/** What a look-up cost so far. */
export interface Meter {
  requests: number;
  /** How often one had to wait until those before it were answered: what a person waits for. */
  rounds: number;
  readUnits: number;
  writeUnits: number;
}

export interface Metered {
  readonly client: DynamoDBDocumentClient;
  readonly meter: Meter;
  reset(): void;
}

type Send = (command: { readonly input: object }) => Promise<Record<string, unknown>>;

function metered(send: (meter: Meter, command: { readonly input: object }) => Promise<object>): Metered {
  const none: Meter = { requests: 0, rounds: 0, readUnits: 0, writeUnits: 0 };
  const meter = { ...none };
  let underWay = 0;
  const counted = async (command: { readonly input: object }) => {
    meter.requests += 1;
    if (underWay === 0) meter.rounds += 1;
    underWay += 1;
    return send(meter, command).finally(() => {
      underWay -= 1;
    });
  };
  const client = { send: counted, destroy() {} };
  return {
    client: client as unknown as DynamoDBDocumentClient,
    meter,
    reset: () => void Object.assign(meter, none),
  };
}

/**
 * Asks the database itself: `ReturnConsumedCapacity`. dynalite does not count indexes, so each index that an item gets
 * into is one unit more; a refused condition is billed as one.
 */
export function askedForCapacity(client: DynamoDBDocumentClient): Metered {
  const send = client.send.bind(client) as unknown as Send;
  return metered(async (meter, command) => {
    const input = Object.assign(command.input, { ReturnConsumedCapacity: 'TOTAL' });
    const isWrite = /Put|Update|Delete/.test(command.constructor.name);
    try {
      const answer = await send(command);
      const consumed = [answer.ConsumedCapacity ?? []].flat() as { readonly CapacityUnits?: number }[];
      const units = consumed.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
      if (isWrite) meter.writeUnits += units + indexesIn(input);
      else meter.readUnits += units;
      return answer;
    } catch (error) {
      if (isWrite && (error as Error).name === 'ConditionalCheckFailedException') meter.writeUnits += 1;
      throw error;
    }
  });
}

function indexesIn(input: object): number {
  return new Set(JSON.stringify(input).match(/gsi\dpk(?= = |":)/g)).size;
}

/**
 * Works the units out from the sizes of what was read, by DynamoDB's rules, for a table that accounts for nothing:
 * half a unit for each 4 KB of an eventually consistent read, of a query's items together, of a batch's one by one.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export function weighed(client: DynamoDBDocumentClient): Metered {
  const send = client.send.bind(client) as unknown as Send;
  return metered(async (meter, command) => {
    if (command instanceof BatchGetCommand) return batch(command);
    const answer = await send(command);
    if (command instanceof GetCommand) meter.readUnits += units([answer.Item as Item | undefined]);
    if (command instanceof QueryCommand) meter.readUnits += units(answer.Items as Item[]);
    return answer;

    async function batch({ input }: BatchGetCommand): Promise<object> {
      const [[name, wanted] = ['', undefined]] = Object.entries(input.RequestItems ?? {});
      const found: Item[] = [];
      for (const Key of wanted?.Keys ?? []) {
        const { Item: item } = await send(new GetCommand({ TableName: name, Key }));
        meter.readUnits += units([item as Item | undefined]);
        if (item) found.push(item as Item);
      }
      return { Responses: { [name]: found } };
    }
  });
}

function units(items: readonly (Item | undefined)[]): number {
  const bytes = items.reduce((sum, item) => sum + (item ? itemSize(item) : 0), 0);
  return Math.max(1, Math.ceil(bytes / 4096)) / 2;
}
