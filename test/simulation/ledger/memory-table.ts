import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../../lib/store/table.ts';
import type { Item } from '../../doubles/dynamodb.ts';
import { assignments, condition, type Names } from './expression.ts';

/** A request of the ledger, as AWS's client would take it. */
export type Command = UpdateCommand | GetCommand | DeleteCommand;
export interface Reply {
  readonly Attributes?: Item;
  readonly Item?: Item;
}

/** One table in memory; `apply` is one request, at once and atomic, under the conditions that it brings. */
export interface MemoryTable {
  readonly items: Map<string, Item>;
  readonly apply: (command: Command) => Reply;
}

export function memoryTable(): MemoryTable {
  const items = new Map<string, Item>();
  function write(key: string, past: Item | undefined, command: UpdateCommand | DeleteCommand): void {
    refuseUnless(command, past);
    if (command instanceof DeleteCommand) items.delete(key);
    else items.set(key, changed(past ?? { ...command.input.Key }, command));
  }

  return {
    items,
    apply(command) {
      const key = JSON.stringify(command.input.Key);
      const past = items.get(key);
      if (command instanceof GetCommand) return past ? { Item: past } : {};
      write(key, past, command);
      return past ? { Attributes: past } : {};
    },
  };
}

/** What a request means to the ledger. */
export type Step =
  | { readonly kind: 'claim'; readonly token: string }
  | { readonly kind: 'settlement'; readonly state: string }
  | { readonly kind: 'other' };

/** Told by the values that it brings, so that it holds under every condition. */
export function stepOf(command: Command): Step {
  const values = command instanceof UpdateCommand ? (command.input.ExpressionAttributeValues ?? {}) : {};
  if (':until' in values) return { kind: 'claim', token: String(values[':token']) };
  if (':state' in values) return { kind: 'settlement', state: String(values[':state']) };
  return { kind: 'other' };
}

/** The client to a table of which every request goes through `send`. */
export function tableOver(send: (command: Command) => Promise<Reply>): Table {
  return { name: 'ledger', client: { send } as unknown as Table['client'] };
}

function changed(item: Item, { input }: UpdateCommand): Item {
  const next = { ...item };
  for (const change of assignments(input.UpdateExpression ?? '')) change(next, namesOf(input));
  return next;
}

function refuseUnless({ input }: UpdateCommand | DeleteCommand, past: Item | undefined): void {
  if (input.ConditionExpression === undefined) return;
  if (condition(input.ConditionExpression)(past, namesOf(input))) return;
  throw Object.assign(new Error('The conditional request failed'), {
    name: 'ConditionalCheckFailedException',
  });
}

function namesOf(input: UpdateCommand['input'] | DeleteCommand['input']): Names {
  return {
    names: input.ExpressionAttributeNames ?? {},
    values: input.ExpressionAttributeValues ?? {},
  };
}
