import { parseArgs } from 'node:util';
import { environment } from '../config.ts';
import { BadReference } from '../errors.ts';
import { safeText, untrusted } from '../image/untrusted.ts';
import { lookupPorts } from '../services.ts';
import { type Command, EXIT, type Output } from './command.ts';
import { cveCommand } from './cve.ts';
import { doctorCommand } from './doctor.ts';
import { explain } from './failure.ts';
import { historyCommand } from './history.ts';
import { redriveCommand } from './redrive.ts';
import { replayCommand } from './replay.ts';
import { serviceCommand } from './service.ts';
import { checkStage } from './stage.ts';
import { whoCommand } from './who.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  who: whoCommand,
  history: historyCommand,
  service: serviceCommand,
  cve: cveCommand,
  doctor: doctorCommand,
  redrive: redriveCommand,
  replay: replayCommand,
};

const HELP = `scan-response: which commit is, or was, behind a tag, whether the deployment works,
and what to do when it does not

${Object.values(COMMANDS)
  .map(({ usage, summary }) => `  scan-response ${usage}\n      ${summary}`)
  .join('\n')}

  --at TIME       2026-11-20T03:10:00Z, "2026-11-20 03:10", "yesterday 03:10" or "3h ago" (your zone, TZ)
  --limit N       how many entries of a history (20)
  --from TIME, --to TIME   cve: when it ran; replay: when images came; until now without --to
  --account ID, --region NAME   when several repositories have the name; others: where to look
  --stage NAME    which deployment (dev, or SCAN_RESPONSE_STAGE)
  --dry-run       redrive, replay: say what would be done, and change nothing
  --role ARN      redrive, replay: the role to take; OperatorRoleArn is an output of the stack
  --json          one JSON document instead of text
  --help, -h      this text

Reads AWS with your own credentials. A look-up needs dynamodb:GetItem and dynamodb:Query on the two tables
and their indexes; doctor says which permission it misses and goes on; both change nothing. The queues
take messages of OperatorRole only: redrive and replay need to be it, with --role or a profile.
Exit codes: 0 found, done, or no fault; 1 usage, 2 not found, 3 ambiguous, 4 a fault, or a move that failed;
5 AWS could not be asked.`;

const OPTIONS = {
  at: { type: 'string' },
  limit: { type: 'string' },
  account: { type: 'string' },
  region: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  role: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  stage: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

async function run(argv: string[]): Promise<{ readonly output: Output; readonly json: boolean }> {
  const { values, positionals } = parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
  const { json, help, 'dry-run': dryRun, ...options } = values;
  const [name = '', ...subjects] = positionals;
  if (help || positionals.length === 0) {
    return {
      json: false,
      output: { exit: help ? EXIT.found : EXIT.usage, lines: HELP.split('\n'), document: {} },
    };
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command)
    throw new BadReference(`no such command: ${JSON.stringify(name.slice(0, 40))}. See scan-response --help`);
  if (!isAsked(command, subjects)) throw new BadReference(`usage: scan-response ${command.usage}`);
  const stage = checkStage(values.stage ?? environment.SCAN_RESPONSE_STAGE ?? 'dev');
  const named = withTables(stage);
  const tools = { lookup: () => lookupPorts(named), stage, environment: named, progress };
  const [subject = ''] = subjects;
  return { json, output: await command.run(subject, { ...options, dryRun }, tools) };
}

/** Whether as much stands after the command's name as it takes. */
function isAsked({ takesReference }: Command, subjects: readonly string[]): boolean {
  const least = takesReference === 'always' ? 1 : 0;
  const most = takesReference === 'never' ? 0 : 1;
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

/** Whoever wrote what is printed, tables, errors or the caller: nothing in it may act on the terminal. */
function printable(lines: readonly string[]): string {
  return lines.map((line) => safeText(untrusted(line), 10_000)).join('\n');
}

/** Colours go on last, around what is safe, and only where a person looks: https://no-color.org */
function painted({ lines, paint }: Output, stream: { readonly isTTY?: boolean }): string {
  const text = printable(lines);
  return paint && stream.isTTY && !environment.NO_COLOR ? text.split('\n').map(paint).join('\n') : text;
}

/** One line of ASCII: the same document, and nothing in it that a terminal obeys or hides. */
function asciiJson(document: Output['document']): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(document).replace(/[^ -~]/g, escaped);
}

// The only place of the project that prints and sets the exit code.
try {
  const { output, json } = await run(process.argv.slice(2));
  progress('');
  const isAnswer = json || output.exit === EXIT.found || output.exit === EXIT.fault;
  const stream = isAnswer ? process.stdout : process.stderr;
  stream.write(`${json ? asciiJson(output.document) : painted(output, stream)}\n`);
  process.exitCode = output.exit;
} catch (error) {
  progress('');
  const { exit, message } = explain(error);
  process.stderr.write(`${printable([`scan-response: ${message}`])}\n`);
  process.exitCode = exit;
}
