import { QUEUES } from '../doctor/queues.ts';
import { BadReference } from '../errors.ts';
import { type DeadLetter, type Redriven, redrive } from '../queue/redrive.ts';
import { type Command, EXIT, type Output } from './command.ts';
import { CHANGE } from './options.ts';
import { checkStage } from './stage.ts';

const SCHEMA = 'scan-response.redrive/v1';

/** More letters than this are counted, not listed; --json has what was read. */
const MAX_LISTED = 10;

export const redriveCommand: Command = {
  usage: 'redrive <queue>|all [--dry-run] [--stage NAME] [--region NAME] [--role ARN]',
  summary: 'Shows the dead letters of a queue with their reasons, and moves them back.',
  options: { ...CHANGE, region: { value: 'NAME', says: 'where the queues are' } },
  takesReference: 'always',
  choices: [...QUEUES.map(({ name }) => name), 'all'],
  async run(name, { region, role, dryRun }, { stage, progress }): Promise<Output> {
    const prefix = `scan-response-${checkStage(stage)}-`;
    const names = QUEUES.map((queue) => queue.name);
    const queues = name === 'all' ? names : names.filter((it) => it === name);
    if (queues.length === 0) throw new BadReference(`redrive takes ${names.join(', ')} or all`);
    // A look-up must not wait for clients that only an operator needs.
    const { redrivePorts } = await import('../services/operator.ts');
    const ports = redrivePorts({ region, role });
    const done: Redriven[] = [];
    for (const queue of queues) {
      progress(`${queue}: looking through the dead letters`);
      done.push(await redrive(queue, { prefix, lookOnly: dryRun }, ports));
    }
    return {
      exit: done.every(isFine) ? EXIT.found : EXIT.fault,
      lines: done.flatMap((it) => describe(it, dryRun)),
      document: { schema: SCHEMA, stage, dryRun, queues: done },
    };
  },
};

function isFine({ move }: Redriven): boolean {
  return move === undefined || move.state === 'COMPLETED' || move.state === 'RUNNING';
}

function describe({ queue, waiting, letters, move }: Redriven, dryRun: boolean): readonly string[] {
  if (waiting === 0) return [`${queue}: no dead letters`];
  const reasons = [...new Set(letters.map(({ reason }) => reason))];
  const unread = waiting - letters.length;
  return [
    `${queue}: ${waiting} dead ${waiting === 1 ? 'letter' : 'letters'}`,
    ...reasons.flatMap((reason) => alike(reason, letters)),
    ...(unread > 0 ? [`  and ${unread} more, not read`] : []),
    `  ${outcome(move, queue, dryRun)}`,
  ];
}

function alike(wanted: string, letters: readonly DeadLetter[]): readonly string[] {
  const same = letters.filter(({ reason }) => reason === wanted);
  return [
    `  ${same.length} × ${wanted}`,
    ...same.slice(0, MAX_LISTED).map(({ about }) => `      ${about}`),
    ...(same.length > MAX_LISTED ? [`      and ${same.length - MAX_LISTED} more`] : []),
  ];
}

function outcome(move: Redriven['move'], queue: string, dryRun: boolean): string {
  if (dryRun || move === undefined) return 'left where they are';
  const { state, moved, why } = move;
  if (state === 'COMPLETED') return `moved ${moved} back to ${queue}`;
  if (state === 'RUNNING') return `moved ${moved} back to ${queue} so far; SQS goes on by itself`;
  return `NOT MOVED (${state})${why ? `: ${why}` : ''}`;
}
