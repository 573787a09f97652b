import { QUESTIONS } from '../ask/ask.ts';
import type { Command, Options } from '../cli/command.ts';
import { flag, readArguments } from '../cli/options.ts';
import { BadReference } from '../errors.ts';

/** What somebody typed behind `/lineage`. */
export interface Question {
  /** The command that answers. */
  readonly name: string;
  readonly parameters: URLSearchParams;
  /** The zone that was asked for. */
  readonly zone?: string;
  /** Whether the channel is to see the answer. */
  readonly isShared: boolean;
  /** The same question for a terminal, as a shell takes it. */
  readonly typed: string;
}

const HELP = /^(?:--?h|--help|help|\?)$/;
/** `who` answers for these, too; the command of their own takes a period. */
const ADVISORY = /^(?:CVE|GHSA)-/;
/** A text in quotes, git's suffix with spaces in its braces, or what has no space in it. */
const WORD = /"([^"]*)"|([^\s"]*@\{[^{}]*\}\S*|\S+)/g;

/**
 * Reads a question as the command line does: `[who|history|diff|service|cve] <what> [time] [--option …] [share]`.
 * Without a command, the id of a finding is one for `cve` and anything else for `who`. Undefined when help is asked
 * for. Throws BadReference, and Node's ERR_PARSE_ARGS errors.
 */
export function readQuestion(text: string): Question | undefined {
  const words = wordsIn(text);
  const [first = 'help'] = words;
  if (words.length <= 1 && HELP.test(first)) return undefined;
  const isShared = /^share$/i.test(words.at(-1) ?? '');
  const asked = isShared ? words.slice(0, -1) : words;
  const isNamed = Object.hasOwn(QUESTIONS, first);
  const name = isNamed ? first : ADVISORY.test(first) ? 'cve' : 'who';
  const args = [name, ...(isNamed ? asked.slice(1) : asked)];
  const { subjects, options } = readArguments(args, Object.values(QUESTIONS));
  if (options.help) return undefined;
  const { tz, ...others } = options;
  const parameters = parametersOf(name, QUESTIONS[name] as Command, subjects, others);
  return { name, parameters, isShared, typed: typedOf(name, parameters, tz), ...(tz && { zone: tz }) };
}

/** Slack and keyboards make typographic quotes and dashes of what people type. */
function wordsIn(text: string): readonly string[] {
  const plain = text
    .replace(/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"')
    .replace(/(?<=^|\s)[\u2013\u2014](?=[a-z])/g, '--');
  return [...plain.matchAll(WORD)].map(([, quoted, word = '']) => quoted ?? word);
}

function parametersOf(
  name: string,
  command: Command,
  subjects: readonly string[],
  options: Options,
): URLSearchParams {
  const names = command.takesReference === 'two' ? ['older', 'newer'] : ['reference'];
  const at = timeIn(name, command, subjects.slice(names.length).join(' '), options);
  const named = names.map((key, index) => [key, subjects[index]] as const);
  const parameters = new URLSearchParams();
  // Of the switches, the one that every command has is off, and what is off is not said.
  for (const [key, value] of [...named, ...Object.entries({ ...options, ...at })])
    if (value !== undefined && value !== false) parameters.set(key, String(value));
  return parameters;
}

/** What stands behind the reference, where that can be a time. */
function timeIn(name: string, { takesReference, options }: Command, rest: string, { at }: Options) {
  if (!rest) return {};
  const takes = takesReference === 'two' ? 'two references' : 'one';
  if (!options.at) throw new BadReference(`${name} takes ${takes}, and no "${rest}"`);
  if (at !== undefined) throw new BadReference('say the time once: behind the reference, or with --at');
  return { at: rest };
}

function typedOf(name: string, parameters: URLSearchParams, tz: string | undefined): string {
  const options = [...parameters].filter(([key]) => !SUBJECTS.includes(key));
  const parts = [
    ...SUBJECTS.flatMap((key) => parameters.get(key) ?? []),
    ...options.flatMap(([key, value]) => [`--${flag(key)}`, ...(value === 'true' ? [] : [value])]),
    ...(tz ? ['--tz', tz] : []),
  ];
  return ['scan-response', name, ...parts.map(inShell)].join(' ');
}

const SUBJECTS: readonly string[] = ['older', 'newer', 'reference'];

function inShell(word: string): string {
  return /^[\w@%+:,./-][\w@%+=:,./~-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
