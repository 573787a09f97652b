import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { build } from '../../build/build.mjs';
import type { Emulators } from './emulators.ts';

type FunctionName = 'image-pushed' | 'scan-completed' | 'deliver-datadog' | 'deliver-slack' | 'deliver-sns';

/** What a command printed, and its exit code. */
interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** The service as `npx serverless deploy` leaves it. */
export interface Deployment {
  readonly stage: string;
  readonly stackName: string;
  readonly tables: { readonly lineage: string; readonly ledger: string };
  /** The physical id of a resource of the template: a queue's URL, a topic's ARN, a function's name. */
  readonly resource: (logicalId: string) => string;
  /** How many resources there are of each type, `Type` → count. */
  readonly resourceTypes: ReadonlyMap<string, number>;
  /** Adds to a function's environment, as its owner can after a deploy. */
  readonly setEnvironment: (name: FunctionName, variables: Readonly<Record<string, string>>) => Promise<void>;
  /** Invokes a function by hand, as somebody who may; what it returned, and the end of its log. */
  readonly invoke: (name: FunctionName, event: object) => Promise<{ result: unknown; log: string }>;
  /** Runs the look-up's bundle, `scan-response …`, against the tables of this stage. */
  readonly cli: (...args: readonly string[]) => Promise<Ran>;
  /** `npx serverless remove`; throws its output when that fails. */
  readonly remove: () => Promise<void>;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Deploys the service with `npx serverless deploy`, from a copy in the run's folder so that nothing else that is
 * built or packaged at the same time is touched; with `--param` for each of `params`. Throws the command's output when it fails.
 */
export async function deploy(
  emulators: Emulators,
  stage = 'cloud',
  params: Readonly<Record<string, string>> = {},
): Promise<Deployment> {
  const service = join(emulators.folder, `service-${stage}`);
  await mkdir(service);
  for (const path of ['package.json', 'serverless.yml', 'resources'])
    await cp(join(ROOT, path), join(service, path), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(service, 'node_modules'));
  await build(ROOT, join(service, 'dist'));

  const given = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
  const where = ['--stage', stage, '--region', emulators.region, ...given];
  const serverless = async (command: string): Promise<void> => {
    const { code, out, error } = await run('npx', ['--no', 'serverless', command, ...where], {
      cwd: service,
      env: emulators.environment,
    });
    if (code !== 0)
      throw new Error(`npx serverless ${command} failed:\n${error}${out}\n${emulators.output()}`);
  };
  await serverless('deploy');

  const stackName = `scan-response-${stage}`;
  const resources = await resourcesOf(emulators, stackName);
  const resource = (logicalId: string): string => {
    const id = resources.find((it) => it.LogicalResourceId === logicalId)?.PhysicalResourceId;
    if (!id) throw new Error(`the stack has no ${logicalId}`);
    return id;
  };
  return {
    ...{ stage, stackName, resource },
    tables: { lineage: resource('LineageTable'), ledger: resource('LedgerTable') },
    resourceTypes: countBy(resources.map(({ ResourceType = '' }) => ResourceType)),
    setEnvironment: (name, variables) => setEnvironment(emulators, `${stackName}-${name}`, variables),
    invoke: (name, event) => invoke(emulators, `${stackName}-${name}`, event),
    cli: (...args) =>
      run(process.execPath, [join(service, 'dist/cli/scan-response.mjs'), ...args, '--stage', stage], {
        cwd: service,
        env: { ...emulators.environment, TZ: 'UTC' },
      }),
    async remove() {
      await serverless('remove');
      await rm(service, { recursive: true });
    },
  };
}

async function resourcesOf({ client }: Emulators, stackName: string) {
  const cloudFormation = new CloudFormationClient(client);
  try {
    const { StackResources = [] } = await cloudFormation.send(
      new DescribeStackResourcesCommand({ StackName: stackName }),
    );
    return StackResources;
  } finally {
    cloudFormation.destroy();
  }
}

async function setEnvironment(
  { client }: Emulators,
  FunctionName: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const lambda = new LambdaClient(client);
  try {
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const Variables = { ...Environment?.Variables, ...variables };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
  } finally {
    lambda.destroy();
  }
}

async function invoke({ client }: Emulators, FunctionName: string, event: object) {
  const lambda = new LambdaClient(client);
  try {
    const { Payload, LogResult = '' } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), LogType: 'Tail' }),
    );
    const result: unknown = JSON.parse(Payload?.transformToString() ?? 'null');
    return { result, log: Buffer.from(LogResult, 'base64').toString() };
  } finally {
    lambda.destroy();
  }
}

async function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Ran> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, error, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, out, error };
}

function countBy(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
