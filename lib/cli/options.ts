import { parseArgs } from 'node:util';
import { BadReference } from '../errors.ts';
import type { Command, Option, Options, OptionTable } from './command.ts';

/** Every command takes these. */
export const EVERYWHERE = {
  stage: { value: 'NAME', says: 'which deployment (dev, or SCAN_RESPONSE_STAGE)' },
  json: { says: 'one JSON document instead of text' },
  help: { short: 'h', says: 'this text' },
} as const satisfies OptionTable;

/** For commands that print times. */
export const ZONE = {
  tz: { value: 'ZONE', says: 'read and print times in this zone, as Europe/Berlin, instead of yours' },
} as const satisfies OptionTable;

/** For commands that take a time. */
export const FOLD = {
  ...ZONE,
  fold: { value: '1|2', says: 'which one, where the clock showed a time twice', choices: ['1', '2'] },
} as const satisfies OptionTable;

/** For commands that ask about one moment. */
export const MOMENT = {
  at: {
    value: 'TIME',
    says: '2026-11-20T03:10:00Z, "2026-11-20 03:10", "yesterday 03:10", yesterday or "3h ago"',
  },
  ...FOLD,
} as const satisfies OptionTable;

/** For commands that ask about a period. */
export const PERIOD = {
  from: { value: 'TIME', says: 'the beginning, written as with --at of who' },
  to: { value: 'TIME', says: 'the end; now without it' },
  ...FOLD,
} as const satisfies OptionTable;

/** For commands that find a repository by its name. */
export const PLACE = {
  account: { value: 'ID', says: 'the one in this account, when several repositories have the name' },
  region: { value: 'NAME', says: 'the one in this region' },
} as const satisfies OptionTable;

/** For commands that change something. */
export const CHANGE = {
  dryRun: { says: 'say what would be done, and change nothing' },
  role: { value: 'ARN', says: 'the role to take; OperatorRoleArn is an output of the stack' },
} as const satisfies OptionTable;

/** What a person typed, taken apart. */
export interface Typed {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly options: Options;
  /** Names of the options that were given. */
  readonly given: readonly (keyof Options)[];
}

/** Takes the arguments apart by the options of all commands. Throws Node's ERR_PARSE_ARGS errors. */
export function readArguments(argv: string[], commands: readonly Command[]): Typed {
  const known = optionsOf(commands);
  const { values, positionals } = parseArgs({ args: argv, options: parsings(known), allowPositionals: true });
  const [name = '', ...subjects] = positionals;
  const named = Object.keys(known).map((key) => [key, values[flag(key)]] as const);
  const options = Object.fromEntries(named.filter(([, value]) => value !== undefined));
  const given = Object.keys(options) as (keyof Options)[];
  return { name, subjects, options: { dryRun: false, ...options }, given };
}

/** The name of the command that somebody meant, however wrong the rest is. */
export function commandNamedIn(argv: string[], commands: readonly Command[]): string | undefined {
  const options = parsings(optionsOf(commands));
  return parseArgs({ args: argv, options, allowPositionals: true, strict: false }).positionals[0];
}

function optionsOf(commands: readonly Command[]): OptionTable {
  return Object.assign({}, EVERYWHERE, ...commands.map(({ options }) => options));
}

function parsings(known: OptionTable) {
  return Object.fromEntries(Object.entries(known).map(([name, option]) => [flag(name), parsing(option)]));
}

/** Throws BadReference for an option that the command does not declare, or a value that it does not take. */
export function checkOptions(name: string, { options: declared }: Command, { options, given }: Typed): void {
  const table: OptionTable = { ...EVERYWHERE, ...declared };
  for (const key of given) {
    const option = table[key];
    if (!option) throw new BadReference(`${name} takes no --${flag(key)}. See scan-response ${name} --help`);
    const value = String(options[key]);
    if (option.choices && !option.choices.includes(value))
      throw new BadReference(`--${flag(key)} takes ${option.choices.join(', ')}`);
  }
}

/** The option as it is typed: `dryRun` is `dry-run`. */
export function flag(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function parsing({ value, short }: Option) {
  return { type: value === undefined ? ('boolean' as const) : ('string' as const), ...(short && { short }) };
}
