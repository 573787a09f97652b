import type { Environment } from '../config.ts';
import type { LookupPorts } from '../lookup/ports.ts';

/** Exit codes, the same for every command, so that scripts can tell the cases apart. */
export const EXIT = { found: 0, usage: 1, notFound: 2, ambiguous: 3, fault: 4, backend: 5 } as const;

/** What a command has to say; only main prints it. */
export interface Output {
  readonly exit: (typeof EXIT)[keyof typeof EXIT];
  /** For people. */
  readonly lines: readonly string[];
  /** For `--json`; carries `schema: "<name>/v1"`. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Colours one line that is already safe to print; only for a terminal. */
  readonly paint?: (line: string) => string;
}

/** What main gives every command to work with. */
export interface Tools {
  readonly lookup: () => LookupPorts;
  readonly stage: string;
  /** With the names of the stage's tables. */
  readonly environment: Environment;
  /** Shows one line where somebody watches; the next call writes over it. */
  readonly progress: (text: string) => void;
}

/** The options that every command takes, parsed. */
export interface Options {
  readonly at?: string;
  readonly limit?: string;
  readonly account?: string;
  readonly region?: string;
  readonly from?: string;
  readonly to?: string;
  /** The role to take before anything is changed. */
  readonly role?: string;
  /** Say what would be done, and change nothing. */
  readonly dryRun: boolean;
}

export interface Command {
  readonly usage: string;
  readonly summary: string;
  /** Whether an image reference, or the name of what it is about, stands after the command's name. */
  readonly takesReference: 'always' | 'maybe' | 'never';
  readonly run: (reference: string, options: Options, tools: Tools) => Promise<Output>;
}
