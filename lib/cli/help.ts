import type { Command, Option } from './command.ts';
import { EVERYWHERE, flag } from './options.ts';

export type Commands = Readonly<Record<string, Command>>;

const EXIT_CODES = [
  'Exit codes: 0 found, done, or no fault; 1 usage, 2 not found or no, 3 ambiguous,',
  '4 a fault, a move that failed, or doubts with --strict; 5 AWS or Datadog could not be asked.',
  'gate and lifecycle have their own.',
];

/** What all commands do, and what they need. */
export function generalHelp(commands: Commands): readonly string[] {
  return [
    'scan-response: which commit is, or was, behind a tag, whether the deployment works,',
    'and what to do when it does not',
    '',
    ...Object.values(commands).flatMap(({ usage, summary }) => [
      `  scan-response ${usage}`,
      `      ${summary}`,
    ]),
    '',
    '  scan-response <command> --help   the options of a command, --at TIME and --json among them',
    '',
    'Reads AWS with your own credentials. A look-up needs dynamodb:GetItem, dynamodb:BatchGetItem and',
    'dynamodb:Query on the two tables and their indexes; doctor says which permission it misses and goes on;',
    'both change nothing. The queues take messages of OperatorRole only: redrive and replay need to be it,',
    'with --role or a profile.',
    ...EXIT_CODES,
  ];
}

/** What one command does, and its own options. */
export function commandHelp({ usage, summary, options, exits }: Command): readonly string[] {
  const table: Readonly<Record<string, Option>> = { ...options, ...EVERYWHERE };
  return [
    `scan-response ${usage}`,
    `    ${summary}`,
    '',
    ...Object.entries(table).map(([name, option]) => describe(name, option)),
    '',
    ...(exits?.lines ?? EXIT_CODES),
  ];
}

function describe(name: string, { value, says, short }: Option): string {
  const typed = `${short ? `-${short}, ` : ''}--${flag(name)}${value ? ` ${value}` : ''}`;
  return `  ${typed.padEnd(19)} ${says}`;
}
