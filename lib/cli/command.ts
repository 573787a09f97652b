import type { Environment } from '../config.ts';
import type { OverviewPorts } from '../lookup/overview-ports.ts';
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
  /** A "no" that was asked for: an answer for standard output, whatever the exit code. */
  readonly isAnswer?: boolean;
  /** One value for a script: nothing may stand beside it. */
  readonly isValue?: boolean;
  /** Lines for standard error, whatever stands on standard output. */
  readonly aside?: readonly string[];
}

/** What main gives every command to work with. */
export interface Tools {
  readonly lookup: () => Promise<LookupPorts & OverviewPorts>;
  readonly now: () => Date;
  readonly stage: string;
  /** With the names of the stage's tables. */
  readonly environment: Environment;
  /** Shows one line where somebody watches; the next call writes over it. */
  readonly progress: (text: string) => void;
  /** The same for what takes minutes: where nobody watches, a line in the log, and no more than one a minute. */
  readonly waiting: (text: string) => void;
}

/** Every option of every command, parsed; a command is given the ones that it declares. */
export interface Options {
  readonly at?: string;
  /** The zone that times are read and printed in, instead of the caller's. */
  readonly tz?: string;
  /** Which of the two times that a clock shows twice. */
  readonly fold?: string;
  readonly limit?: string;
  /** Where a list goes on. */
  readonly after?: string;
  readonly account?: string;
  readonly region?: string;
  readonly from?: string;
  readonly to?: string;
  /** The role to take before anything is changed. */
  readonly role?: string;
  /** Say what would be done, and change nothing. */
  readonly dryRun: boolean;
  /** What the first argument is, where it could be several things. */
  readonly as?: string;
  /** The one value to print. */
  readonly output?: string;
  /** With each finding of the newest scan. */
  readonly findings?: boolean;
  /** With what the scans of each image count, and what ran it. */
  readonly details?: boolean;
  /** The port of this machine to listen on. */
  readonly port?: string;
  /** Doubts are a failure. */
  readonly strict?: boolean;
  /** A folder with a clone of the source. */
  readonly clone?: string;
  /** Ask nobody but the tables. */
  readonly offline?: boolean;
  /** What is declared: of which image, which commit, and where its source and its build are. */
  readonly image?: string;
  readonly commit?: string;
  readonly repoUrl?: string;
  readonly buildUrl?: string;
  /** The number of a version. */
  readonly version?: string;
  /** The last day of something. */
  readonly expires?: string;
  /** Of Datadog: whom monitors tell, a page for them, and the form of an export. */
  readonly notify?: string;
  readonly runbook?: string;
  readonly terraform?: boolean;
  /** The most findings of each severity that a gate lets through. */
  readonly maxCritical?: string;
  readonly maxHigh?: string;
  readonly maxMedium?: string;
  readonly maxLow?: string;
  readonly maxInformational?: string;
  readonly maxUntriaged?: string;
  readonly maxUndefined?: string;
  readonly onlyFixable?: boolean;
  /** Of a preview: a file with the policy to look under, instead of the one that holds. */
  readonly policy?: string;
  /** As if nothing was told before, for which sink, and where the picture goes. */
  readonly afresh?: boolean;
  readonly sink?: string;
  readonly svg?: string;
  /** How long to wait for an answer. */
  readonly wait?: string;
  /** What an image is called beside its commit, in which form, and whether it may be of more than the commit. */
  readonly env?: string;
  readonly build?: string;
  readonly format?: string;
  readonly requireClean?: boolean;
  /** Read what indexes list from the registry, which counts as a pull. */
  readonly manifests?: boolean;
  /** With what does not change. */
  readonly all?: boolean;
  /** Of a push or a pull that fails: what was printed, the VPC it is in, the platform, and whether manifests are read. */
  readonly error?: string;
  readonly vpc?: string;
  readonly platform?: string;
  readonly layers?: boolean;
  /** Of an audit. */
  readonly olderThan?: string;
  readonly production?: string;
  readonly failOn?: string;
  readonly sarif?: string;
  readonly resume?: string;
  readonly rate?: string;
  readonly progress?: boolean;
  readonly stage?: string;
  readonly json?: boolean;
  readonly help?: boolean;
}

/** One option as a command declares it; `dryRun` is typed `--dry-run`. */
export interface Option {
  /** What stands for its value in the help; without one it is a switch. */
  readonly value?: string;
  readonly says: string;
  readonly short?: string;
  /** The values that it takes, where they can be listed. */
  readonly choices?: readonly string[];
}

export type OptionTable = Readonly<Partial<Record<keyof Options, Option>>>;

export interface Command {
  readonly usage: string;
  readonly summary: string;
  /** What this command takes; `--help` prints it, and main refuses the rest. */
  readonly options: OptionTable;
  /** How many references, or names of what it is about, stand after the command's name. */
  readonly takesReference: 'always' | 'maybe' | 'never' | 'two' | 'some' | 'any' | 'many';
  /** The values of the first one, where they can be listed. */
  readonly choices?: readonly string[];
  /** Where its exit codes mean something else than those of the others: which one is wrong usage, and the help. */
  readonly exits?: { readonly usage: number; readonly lines: readonly string[] };
  readonly run: (
    reference: string,
    options: Options,
    tools: Tools,
    second: string,
    all?: readonly string[],
  ) => Promise<Output>;
}
