import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../../lib/store/table.ts';
import { type Command, type Reply, stepOf } from './memory-table.ts';
import type { Plant } from './world.ts';

type Send = (command: Command) => Promise<Reply>;

/** The code as it is. */
export const asIs: Plant = (table) => table;

export interface Planted {
  readonly name: string;
  readonly plant: Plant;
  /** One worker after the other shows it, too: it is no matter of two at once. */
  readonly showsAlone: boolean;
}

/** Known mistakes of delivery ledgers, each as a wrapper around the table: a suite that stays green under one is blind. */
export const LEDGER_PLANTS: readonly Planted[] = [
  {
    name: 'drop the lease check',
    showsAlone: false,
    plant: through((command, send) =>
      send(
        stepOf(command).kind === 'claim'
          ? withCondition(command, (it) =>
              it.replace('leaseUntilMs < :now', '(leaseUntilMs < :now OR leaseUntilMs < :until)'),
            )
          : command,
      ),
    ),
  },
  {
    name: 'treat an expired lease as new',
    showsAlone: true,
    plant: through(async (command, send) => {
      const reply = await send(command);
      return stepOf(command).kind === 'claim' && reply.Attributes?.state === 'SENDING' ? {} : reply;
    }),
  },
  {
    name: 'delete on exception',
    showsAlone: true,
    plant: through(async (command, send) => {
      const step = stepOf(command);
      if (step.kind !== 'settlement' || step.state === 'SENT') return send(command);
      const { TableName, Key } = command.input;
      return send(new DeleteCommand({ TableName, Key }));
    }),
  },
  {
    name: 'no fencing on settle',
    showsAlone: false,
    plant: through((command, send) =>
      send(
        stepOf(command).kind === 'settlement'
          ? withCondition(command, (it) => `attribute_not_exists(nothing) OR ${it}`)
          : command,
      ),
    ),
  },
];

function through(send: (command: Command, send: Send) => Promise<Reply>): Plant {
  return ({ client, name }) => {
    const onward = (command: Command) => (client.send as unknown as Send)(command);
    return {
      name,
      client: { send: (command: Command) => send(command, onward) } as unknown as Table['client'],
    };
  };
}

/** The same request under another condition; every value stays in use, as DynamoDB demands. */
function withCondition(command: Command, change: (expression: string) => string): UpdateCommand {
  const { input } = command as UpdateCommand;
  const ConditionExpression = change(input.ConditionExpression ?? '');
  if (ConditionExpression === input.ConditionExpression)
    throw new Error('nothing was planted: the ledger has other expressions now');
  return new UpdateCommand({ ...input, ConditionExpression });
}
