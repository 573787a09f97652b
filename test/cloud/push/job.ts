import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Step } from '../../contract/workflow.ts';

/** How a job ended: the step that failed, if one did, and what all of them left. */
export interface Job {
  readonly failed: string | undefined;
  readonly exit: number;
  readonly printed: string;
  /** The outputs of each step by its id. */
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** What was called that stands for something outside, one line each. */
  readonly calls: readonly string[];
  /** A file that the job left beside the checkout. */
  readonly left: (name: string) => Promise<string>;
}

type Environment = Readonly<Record<string, string>>;

const OUTSIDE = fileURLToPath(new URL('outside', import.meta.url));
const TIME_LIMIT_MS = 60_000;

/**
 * Runs the shell parts of a workflow's job in a checkout, one after the other until one fails, as GitHub's runner does
 * with `shell: bash`. What stands for docker, npm and AWS's CLI goes first on the PATH; `before` may say what happened
 * outside until a step begins.
 */
export async function runJob(
  steps: readonly Step[],
  checkout: string,
  environment: Environment,
  before: (step: Step, outputs: Job['outputs']) => Promise<void> = async () => undefined,
): Promise<Job> {
  const temp = await mkdtemp(join(environment.HOME ?? '', 'job-'));
  const file = (name: string) => join(temp, name);
  const outputs = new Map<string, Environment>();
  const done = { printed: '', exit: 0, failed: undefined as string | undefined };
  for (const name of ['calls', 'path']) await writeFile(file(name), '');
  for (const step of steps.filter(({ run }) => run)) {
    await before(step, outputs);
    await writeFile(file('step.sh'), step.run ?? '');
    await writeFile(file('output'), '');
    const added = (await readFile(file('path'), 'utf8')).split('\n').filter((it) => it !== '');
    const env = {
      ...environment,
      ...expressions(step.env ?? {}, outputs),
      ...{
        RUNNER_TEMP: temp,
        GITHUB_OUTPUT: file('output'),
        GITHUB_PATH: file('path'),
        CALLS: file('calls'),
      },
      PATH: [OUTSIDE, ...added, environment.PATH].join(':'),
    };
    const { exit, printed } = await bash(file('step.sh'), checkout, env);
    done.printed += printed;
    outputs.set(step.id ?? '', outputsIn(await readFile(file('output'), 'utf8')));
    if (exit === 0) continue;
    Object.assign(done, { exit, failed: step.name });
    break;
  }
  const calls = (await readFile(file('calls'), 'utf8')).trim().split('\n');
  return { ...done, outputs, calls, left: (name) => readFile(file(name), 'utf8') };
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell */
function bash(script: string, cwd: string, env: Environment): Promise<{ exit: number; printed: string }> {
  return new Promise((resolve) => {
    const args = ['--noprofile', '--norc', '-eo', 'pipefail', script];
    execFile('bash', args, { cwd, env, timeout: TIME_LIMIT_MS }, (error, stdout, stderr) => {
      const code = error ? error.code : 0;
      resolve({ exit: typeof code === 'number' ? code : -1, printed: `${stdout}${stderr}` });
    });
  });
}

function expressions(env: Environment, outputs: Job['outputs']): Environment {
  const resolved = Object.entries(env).map(([name, text]) => {
    const [, step, output] = /^\$\{\{ steps\.(\w+)\.outputs\.(\w+) \}\}$/.exec(text) ?? [];
    return [name, step && output ? (outputs.get(step)?.[output] ?? '') : text];
  });
  return Object.fromEntries(resolved);
}

/** `name=value`, and `name<<END` with lines until `END`. */
function outputsIn(text: string): Environment {
  const block = /^(\w+)<<(.+)\n([\s\S]*?)\n?^\2$|^(\w+)=(.*)$/gm;
  return Object.fromEntries(
    [...text.matchAll(block)].map(([, long, , lines, short, value]) => [long ?? short, lines ?? value]),
  );
}
