import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { putEach } from './batch.ts';
import { planOf } from './plan.ts';
import { project, query, scan } from './query.ts';
import { refusal } from './refusal.ts';
import { type MemoryTable, memoryTable } from './table.ts';
import { copyItem, type Item } from './value.ts';
import { put, remove, requestKey, update } from './write.ts';

/** One call of the database. */
interface Operation {
  readonly name: 'get' | 'put' | 'update' | 'delete' | 'query' | 'scan';
  readonly table: string;
  /** The command's input: what a test may ask about, or change before it is run. */
  readonly input: Record<string, unknown>;
}

/**
 * Where a test steps in. What throws is thrown to the caller (`throttled()`); a promise is waited for, and one
 * that never ends is a process that died there: `before` it nothing is written, `after` it everything is.
 */
export interface MemoryHooks {
  before?(operation: Operation): Promise<void> | undefined;
  after?(operation: Operation): Promise<void> | undefined;
}

export interface MemoryDynamoDb {
  /** Takes the document client's Get, Put, Update, Delete, Query, Scan and batches of puts; throws NotPlayed for the rest. */
  readonly client: DynamoDBDocumentClient;
  /** Everything in a table, sorted by its keys. */
  readonly items: (table: string) => readonly Item[];
  /** Calls so far. */
  readonly calls: () => number;
}

/**
 * A DynamoDB in this process, for runs that are too large for one over HTTP. It holds the same promises as the
 * real one: the suite in test/conformance runs on it.
 */
export function memoryDynamoDb(
  definitions: readonly CreateTableCommandInput[],
  hooks: MemoryHooks = {},
): MemoryDynamoDb {
  const tables = new Map(definitions.map((it) => [it.TableName ?? '', memoryTable(it)]));
  let calls = 0;

  function tableOf(name: string): MemoryTable {
    const table = tables.get(name);
    if (!table) throw refusal('ResourceNotFoundException', `no table ${name}`);
    return table;
  }

  async function sendOne(command: { readonly input: object }): Promise<object> {
    calls += 1;
    const name = nameOf(command);
    const input = command.input as Record<string, unknown>;
    const operation = { name, table: String(input.TableName), input };
    const early = hooks.before?.(operation);
    if (early !== undefined) await early;
    const answer = RUN[name](tableOf(operation.table), input as never);
    const late = hooks.after?.(operation);
    if (late !== undefined) await late;
    return answer;
  }

  const send = (command: { readonly input: object }) =>
    command instanceof BatchWriteCommand ? putEach(command, sendOne) : sendOne(command);
  const client = { send, destroy() {} } as unknown as DynamoDBDocumentClient;
  return { client, items: (name) => tableOf(name).all().map(copyItem), calls: () => calls };
}

function nameOf(command: object): Operation['name'] {
  if (command instanceof UpdateCommand) return 'update';
  if (command instanceof GetCommand) return 'get';
  if (command instanceof PutCommand) return 'put';
  if (command instanceof QueryCommand) return 'query';
  if (command instanceof DeleteCommand) return 'delete';
  if (command instanceof ScanCommand) return 'scan';
  throw refusal('NotPlayed', `the memory tables do not play ${command.constructor.name}`);
}

const RUN = {
  get(table: MemoryTable, input: GetCommand['input']) {
    const { partition, sort } = requestKey(table.keys, input.Key);
    const { plan } = planOf(input);
    const item = table.find(partition, sort);
    if (!item) return {};
    return { Item: plan.projection ? project(item, plan.projection) : copyItem(item) };
  },
  put: (table: MemoryTable, input: PutCommand['input']) =>
    put(table, input.Item ?? {}, planOf(input), input.ReturnValues),
  update: (table: MemoryTable, input: UpdateCommand['input']) =>
    update(table, requestKey(table.keys, input.Key), planOf(input), input.ReturnValues),
  delete: (table: MemoryTable, input: DeleteCommand['input']) =>
    remove(table, requestKey(table.keys, input.Key), planOf(input), input.ReturnValues),
  query,
  scan,
} as const;
