import { environment, useZone } from '../config.ts';
import { BadReference } from '../errors.ts';
import { type Command, EXIT, type Output } from './command.ts';
import { COMMANDS } from './commands.ts';
import { explain } from './failure.ts';
import { commandHelp, generalHelp } from './help.ts';
import { checkOptions, commandNamedIn, readArguments } from './options.ts';
import { asciiJson, printable } from './printable.ts';
import { checkStage } from './stage.ts';

async function run(argv: string[]): Promise<{ readonly output: Output; readonly json: boolean }> {
  const typed = readArguments(argv, Object.values(COMMANDS));
  const { name, subjects, options } = typed;
  const { help = false, json = false, tz } = options;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (name === '' || (help && !command)) return { json: false, output: told(generalHelp(COMMANDS), help) };
  if (!command)
    throw new BadReference(`no such command: ${JSON.stringify(name.slice(0, 40))}. See scan-response --help`);
  if (help) return { json: false, output: told(commandHelp(command), help) };
  checkOptions(name, command, typed);
  if (!isAsked(command, subjects)) throw new BadReference(`usage: scan-response ${command.usage}`);
  const stage = checkStage(options.stage ?? environment.SCAN_RESPONSE_STAGE ?? 'dev');
  if (tz !== undefined) useZone(tz);
  const named = withTables(stage);
  // A bundle of its own: whoever asks for help, or nobody's table, need not load DynamoDB's client.
  const lookup = async () => (await import('../services/lookup.ts')).lookupPorts(named);
  const tools = { lookup, now: () => new Date(), stage, environment: named, progress, waiting };
  const [subject = '', second = ''] = subjects;
  return { json, output: await command.run(subject, options, tools, second, subjects) };
}

function told(lines: readonly string[], isAskedFor: boolean): Output {
  return { exit: isAskedFor ? EXIT.found : EXIT.usage, lines, document: {} };
}

/** Whether as much stands after the command's name as it takes. */
function isAsked({ takesReference }: Command, subjects: readonly string[]): boolean {
  const [least, most] = {
    never: [0, 0],
    maybe: [0, 1],
    always: [1, 1],
    some: [1, 2],
    two: [2, 2],
    any: [0, 2],
    many: [0, 100],
  }[takesReference] as [number, number];
  return subjects.length >= least && subjects.length <= most;
}

/** The tables of a stage have fixed names; an environment that names them goes first. */
function withTables(stage: string) {
  return {
    SCAN_RESPONSE_LINEAGE_TABLE: `scan-response-${stage}-lineage`,
    SCAN_RESPONSE_LEDGER_TABLE: `scan-response-${stage}-ledger`,
    ...environment,
  };
}

/** One line on a terminal that each call writes over; an empty text takes it away. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

let loggedMs = Number.NEGATIVE_INFINITY;

/** The same, and a line of its own once a minute where nobody watches. */
function waiting(text: string): void {
  progress(text);
  if (process.stderr.isTTY || performance.now() - loggedMs < 60_000) return;
  loggedMs = performance.now();
  process.stderr.write(`${printable([text])}\n`);
}

/** Colours go on last, around what is safe, and only where a person looks: https://no-color.org */
function painted({ lines, paint }: Output, stream: { readonly isTTY?: boolean }): string {
  const text = printable(lines);
  return paint && stream.isTTY && !environment.NO_COLOR ? text.split('\n').map(paint).join('\n') : text;
}

/** Whoever reads may stop, as `head` does: that changes no answer. Nothing else may be lost without a word. */
function onUnwritten({ code }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return;
  process.exitCode = EXIT.backend;
  process.stderr.write(`scan-response: the answer could not be written: ${code}\n`);
}

process.stdout.on('error', onUnwritten);
process.stderr.on('error', () => undefined);

// The only place of the project that prints and sets the exit code.
try {
  const { output, json } = await run(process.argv.slice(2));
  progress('');
  const isAnswer = json || output.isAnswer || output.exit === EXIT.found || output.exit === EXIT.fault;
  const stream = isAnswer ? process.stdout : process.stderr;
  stream.write(`${json ? asciiJson(output.document) : painted(output, stream)}\n`);
  if (output.aside) process.stderr.write(`${printable(output.aside)}\n`);
  process.exitCode = output.exit;
} catch (error) {
  progress('');
  const { exit, message, more = [] } = explain(error);
  process.stderr.write(`${printable([`scan-response: ${message}`, ...more])}\n`);
  const exits = COMMANDS[commandNamedIn(process.argv.slice(2), Object.values(COMMANDS)) ?? '']?.exits;
  process.exitCode = exit === EXIT.usage ? (exits?.usage ?? exit) : exit;
}
