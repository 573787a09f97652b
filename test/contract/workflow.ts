import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';

export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly env: Readonly<Record<string, string>>;
  readonly defaults?: { readonly run: { readonly shell: string } };
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly text: string;
  /** What the YAML parser complains of. */
  readonly complaints: readonly unknown[];
}

/** A workflow of the examples that has one job. */
export function readWorkflow(name: string): Workflow {
  const text = readFileSync(`examples/github-actions/${name}`, 'utf8');
  const document = parseDocument(text);
  const { env, defaults, permissions, jobs } = document.toJS();
  const [job] = Object.values(jobs) as { steps: Step[] }[];
  return {
    env,
    defaults,
    permissions,
    steps: job?.steps ?? [],
    text,
    complaints: [...document.errors, ...document.warnings],
  };
}
