import { type Command, EXIT, type Options, type Tools } from '../cli/command.ts';
import { cveCommand } from '../cli/cve.ts';
import { diffCommand } from '../cli/diff.ts';
import { explain } from '../cli/failure.ts';
import { historyCommand } from '../cli/history.ts';
import { checkOptions } from '../cli/options.ts';
import { serviceCommand } from '../cli/service.ts';
import { whoCommand } from '../cli/who.ts';
import { BadReference } from '../errors.ts';
import { refuse } from './refusal.ts';

/** The commands that answer outside of a terminal too: what is asked and what is said are theirs. */
export const QUESTIONS: Readonly<Record<string, Command>> = {
  who: whoCommand,
  history: historyCommand,
  diff: diffCommand,
  service: serviceCommand,
  cve: cveCommand,
};

/** They are about a terminal, or about the whole process. */
export const NOT_HERE: readonly string[] = ['output', 'strict', 'tz'];
const SWITCHES = { true: true, false: false } as const;
export const LONGEST = 1000;

const STATUS: Readonly<Record<number, number>> = {
  [EXIT.found]: 200,
  [EXIT.fault]: 200,
  [EXIT.notFound]: 404,
  [EXIT.ambiguous]: 300,
};

/** What is said, and whether it is an answer. */
export interface Answer {
  /** Of HTTP. */
  readonly status: number;
  /** As the command of this name says it with `--json`, or `scan-response.refusal/v1`. */
  readonly document: Readonly<Record<string, unknown>>;
  /** The same for people. */
  readonly lines: readonly string[];
}

/**
 * Asks a command. Takes its name, and as parameters `reference` (of `diff`: `older` and `newer`) and the command's
 * options as they are typed, `dry-run=true` for a switch. Undefined when no command of this name answers here; never
 * throws.
 */
export async function ask(
  name: string,
  parameters: URLSearchParams,
  tools: Tools,
): Promise<Answer | undefined> {
  const command = Object.hasOwn(QUESTIONS, name) ? QUESTIONS[name] : undefined;
  if (!command) return undefined;
  try {
    const [first, second, options] = readParameters(name, command, parameters);
    const { exit, document, lines } = await command.run(first, options, tools, second);
    return { status: STATUS[exit] ?? 500, document, lines };
  } catch (error) {
    return refusal(error);
  }
}

function refusal(error: unknown): Answer {
  const { exit, message, more } = explain(error);
  const kind = exit === EXIT.usage ? 'usage' : exit === EXIT.ambiguous ? 'ambiguous-time' : 'backend';
  return refuse(message, kind, more);
}

type Question = readonly [first: string, second: string, options: Options];

/** Throws BadReference for what is missing, said twice, too long, or nothing that the command takes. */
function readParameters(name: string, command: Command, parameters: URLSearchParams): Question {
  const subjects = command.takesReference === 'two' ? ['older', 'newer'] : ['reference'];
  const pairs = [...new Set(parameters.keys())].map((key) => [key, onlyValue(key, parameters)] as const);
  const others = pairs.filter(([key]) => !subjects.includes(key));
  const options: Options = {
    dryRun: false,
    ...Object.fromEntries(others.map(([key, value]) => [key, optionOf(name, command, key, value)])),
  };
  const given = others.map(([key]) => key as keyof Options);
  checkOptions(name, command, { name, subjects: [], options, given });
  const [first, second = ''] = subjects.map((key) => parameters.get(key) ?? '');
  if (!first || (subjects.length > 1 && !second))
    throw new BadReference(`say ${subjects.join(' and ')}, as in ${name}?${subjects.join('=…&')}=…`);
  return [first, second, options];
}

function onlyValue(key: string, parameters: URLSearchParams): string {
  const [value = '', ...more] = parameters.getAll(key);
  if (more.length > 0) throw new BadReference(`${quoted(key)} is there twice`);
  if (value.length > LONGEST) throw new BadReference(`${quoted(key)} is longer than ${LONGEST} characters`);
  return value;
}

function optionOf(name: string, command: Command, key: string, value: string): string | boolean {
  const option = Object.entries(command.options).find(([it]) => it === key && !NOT_HERE.includes(it))?.[1];
  if (!option) throw new BadReference(`${name} takes no ${quoted(key)} here`);
  if (option.value !== undefined) return value;
  if (value === 'true' || value === 'false') return SWITCHES[value];
  throw new BadReference(`${quoted(key)} is true or false`);
}

function quoted(key: string): string {
  return JSON.stringify(key.slice(0, 40));
}
