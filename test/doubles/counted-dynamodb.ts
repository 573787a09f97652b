import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../../local/http.ts';
import { indexUnits } from './write-units.ts';

/** As DynamoDB bills them. */
export interface Units {
  readonly write: number;
  readonly read: number;
}

export interface CountedDynamoDb extends Endpoint {
  /** So far. */
  units(): Units;
  /** `<operation> <body>` of each request, in order of arrival. */
  readonly requests: readonly string[];
}

type Attributes = Readonly<Record<string, object>>;

interface WriteRequest {
  readonly TableName: string;
  readonly Key?: Attributes;
  readonly Item?: Attributes;
}

/**
 * Stands before a DynamoDB and asks it what each request consumed. What a write costs in the indexes, which dynalite
 * does not count, is worked out from what the item was before and after. `target` is asked at each request.
 */
export async function countDynamoDb(
  target: () => string,
  definitionOf: (tableName: string) => CreateTableCommandInput,
): Promise<CountedDynamoDb> {
  const units = { write: 0, read: 0 };
  const requests: string[] = [];

  async function answer(request: LocalRequest): Promise<LocalResponse> {
    const operation = String(request.headers['x-amz-target']);
    const input = JSON.parse(request.body);
    requests.push(`${operation.split('.')[1]} ${request.body}`);
    const ask = (name: string, body: object) => post(target(), name, body, request);
    const answering = () => ask(operation, { ...input, ReturnConsumedCapacity: 'TOTAL' });
    const isWrite = /Put|Update|Delete|BatchWrite/.test(operation);
    // What is written in a batch is in no index.
    const reply =
      isWrite && input.TableName
        ? await inTurn(() => countIndexes(input, answering, (get) => ask('DynamoDB_20120810.GetItem', get)))
        : await answering();
    const text = await reply.text();
    // A refused condition is billed too, and so is a query that finds nothing.
    const consumed = unitsIn(JSON.parse(text)) ?? 1;
    units[isWrite ? 'write' : 'read'] += Math.max(0.5, consumed);
    return { status: reply.status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: text };
  }

  async function countIndexes(
    { TableName, Key, Item = {} }: WriteRequest,
    write: () => Promise<Response>,
    get: (input: object) => Promise<Response>,
  ): Promise<Response> {
    const { pk, sk } = Item;
    const now = async (): Promise<Attributes | undefined> => {
      const reply = await get({ TableName, Key: Key ?? { pk, sk }, ConsistentRead: true });
      return ((await reply.json()) as { readonly Item?: Attributes }).Item;
    };
    const before = await now();
    const reply = await write();
    // With the names of the types this is more than what it measures.
    const sizeOf = (item: object) => JSON.stringify(item).length;
    units.write += indexUnits(definitionOf(TableName), before, await now(), sizeOf);
    return reply;
  }

  const endpoint = await serve(answer);
  return { ...endpoint, units: () => ({ ...units }), requests };
}

/** Of a batch DynamoDB tells them by table. */
function unitsIn({ ConsumedCapacity: told }: { readonly ConsumedCapacity?: Consumed | Consumed[] }) {
  return Array.isArray(told) ? told.reduce((sum, it) => sum + it.CapacityUnits, 0) : told?.CapacityUnits;
}

interface Consumed {
  readonly CapacityUnits: number;
}

function post(url: string, operation: string, body: object, { headers }: LocalRequest): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'x-amz-target': operation,
      'content-type': 'application/x-amz-json-1.0',
      authorization: String(headers.authorization),
      'x-amz-date': String(headers['x-amz-date']),
    },
    body: JSON.stringify(body),
  });
}

let turn: Promise<unknown> = Promise.resolve();

/** One write after the other: what an index had before is looked up. */
function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const done = turn.then(act, act);
  turn = done;
  return done;
}
