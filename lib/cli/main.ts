import { parseArgs } from 'node:util';
import { environment } from '../config.ts';
import { BadReference, ConfigError } from '../errors.ts';
import { safeText, untrusted } from '../image/untrusted.ts';
import { lookupPorts } from '../services.ts';
import { type Command, EXIT, type Output } from './command.ts';
import { historyCommand } from './history.ts';
import { whoCommand } from './who.ts';

const COMMANDS: Readonly<Record<string, Command>> = { who: whoCommand, history: historyCommand };

const HELP = `scan-response: which commit is, or was, behind a tag

${Object.values(COMMANDS)
  .map(({ usage, summary }) => `  scan-response ${usage}\n      ${summary}`)
  .join('\n')}

  --at TIME       2026-11-20T03:10:00Z, "2026-11-20 03:10", "yesterday 03:10" or "3h ago" (your zone, TZ)
  --limit N       how many entries of a history (20)
  --account ID, --region NAME   when several repositories have the name
  --stage NAME    which deployment's tables (dev, or SCAN_RESPONSE_STAGE)
  --json          one JSON document instead of text
  --help, -h      this text

Reads DynamoDB with your own AWS credentials; needs dynamodb:GetItem and dynamodb:Query on the two tables.
Exit codes: 0 found, 1 usage, 2 not found, 3 ambiguous, 5 AWS could not be asked.`;

const OPTIONS = {
  at: { type: 'string' },
  limit: { type: 'string' },
  account: { type: 'string' },
  region: { type: 'string' },
  stage: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

async function run(argv: string[]): Promise<{ readonly output: Output; readonly json: boolean }> {
  const { values, positionals } = parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
  const { json, help, stage, ...options } = values;
  const [name = '', subject, ...rest] = positionals;
  if (help || positionals.length === 0) {
    return {
      json: false,
      output: { exit: help ? EXIT.found : EXIT.usage, lines: HELP.split('\n'), document: {} },
    };
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command)
    throw new BadReference(`no such command: ${JSON.stringify(name.slice(0, 40))}. See scan-response --help`);
  if (!subject || rest.length > 0) throw new BadReference(`usage: scan-response ${command.usage}`);
  return { json, output: await command.run(subject, options, lookupPorts(withTables(stage))) };
}

/** The tables of a stage have fixed names; an environment that names them goes first. */
function withTables(stage = environment.SCAN_RESPONSE_STAGE ?? 'dev') {
  return {
    SCAN_RESPONSE_LINEAGE_TABLE: `scan-response-${stage}-lineage`,
    SCAN_RESPONSE_LEDGER_TABLE: `scan-response-${stage}-ledger`,
    ...environment,
  };
}

/** Wrong usage is the caller's, everything else is the backend's. */
function explain(error: unknown): { readonly exit: number; readonly message: string } {
  const { name, message, code } = error as Error & { code?: string };
  const isUsage =
    error instanceof BadReference || error instanceof ConfigError || code?.startsWith('ERR_PARSE_ARGS');
  return isUsage
    ? { exit: EXIT.usage, message }
    : { exit: EXIT.backend, message: `AWS could not be asked: ${name}: ${message}` };
}

/** Whoever wrote what is printed, tables, errors or the caller: nothing in it may act on the terminal. */
function printable(lines: readonly string[]): string {
  return lines.map((line) => safeText(untrusted(line), 10_000)).join('\n');
}

/** One line of ASCII: the same document, and nothing in it that a terminal obeys or hides. */
function asciiJson(document: Output['document']): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(document).replace(/[^ -~]/g, escaped);
}

// The only place of the project that prints and sets the exit code.
try {
  const { output, json } = await run(process.argv.slice(2));
  const text = json ? asciiJson(output.document) : printable(output.lines);
  (output.exit === EXIT.found || json ? process.stdout : process.stderr).write(`${text}\n`);
  process.exitCode = output.exit;
} catch (error) {
  const { exit, message } = explain(error);
  process.stderr.write(`${printable([`scan-response: ${message}`])}\n`);
  process.exitCode = exit;
}
