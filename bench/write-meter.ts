import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Item, itemSize } from '../test/doubles/memory-dynamodb/value.ts';
import { indexUnits, itemUnits } from '../test/doubles/write-units.ts';

/** One request that wrote, or whose condition was refused. */
export interface Write {
  /** Of the sort key, what is before the first `#`. */
  readonly what: string;
  readonly units: number;
}

export interface WriteMeter {
  readonly client: DynamoDBDocumentClient;
  readonly writes: readonly Write[];
}

type Command = { readonly input: object };
type Answer = Record<string, unknown>;
type Send = (command: Command) => Promise<Answer>;
type Key = { readonly pk: string; readonly sk: string };

/**
 * Counts write units: of the item as the database says (`ReturnConsumedCapacity`), or where it says nothing by the size
 * of what was there and of what is there now; of the indexes by what changed in them. A refused condition is billed too.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export function writeMeter(client: DynamoDBDocumentClient, definition: CreateTableCommandInput): WriteMeter {
  const send = client.send.bind(client) as unknown as Send;
  const writes: Write[] = [];
  const itemAt = async (Key: Key) => {
    const get = new GetCommand({ TableName: definition.TableName, Key, ConsistentRead: true });
    return (await send(get)).Item as Item | undefined;
  };

  async function counted(command: Command, key: Key): Promise<Answer> {
    const before = await itemAt(key);
    const what = key.sk.split('#')[0] ?? '';
    Object.assign(command.input, { ReturnConsumedCapacity: 'TOTAL' });
    try {
      const answer = await send(command);
      const after = await itemAt(key);
      const own = consumed(answer) ?? itemUnits(sizes(before, after));
      writes.push({ what, units: own + indexUnits(definition, before, after, sizeOf) });
      return answer;
    } catch (error) {
      if ((error as Error).name === 'ConditionalCheckFailedException')
        writes.push({ what, units: itemUnits(sizes(before)) });
      throw error;
    }
  }

  const counting: Send = (command) => {
    const key = keyOf(command);
    return key ? counted(command, key) : send(command);
  };
  return { client: { send: counting, destroy() {} } as unknown as DynamoDBDocumentClient, writes };
}

function keyOf(command: Command): Key | undefined {
  if (command instanceof UpdateCommand) return command.input.Key as Key;
  if (!(command instanceof PutCommand)) return undefined;
  const { pk, sk } = command.input.Item as Key;
  return { pk, sk };
}

function consumed({ ConsumedCapacity: it }: Answer): number | undefined {
  return (it as { readonly CapacityUnits?: number } | undefined)?.CapacityUnits;
}

function sizes(...items: readonly (Item | undefined)[]): readonly number[] {
  return items.flatMap((it) => (it ? [itemSize(it)] : []));
}

function sizeOf(item: object): number {
  return itemSize(item as Item);
}
