import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createTask, type LocalTask, type TaskSpec } from '../../local/ecs/events.ts';
import { lookupEnvironment } from '../../local/story/ask.ts';
import type { Flow, Item } from './stack.ts';

export const PLACE = { account: '111122223333', region: 'us-east-1', cluster: 'prod' } as const;

/** As a task definition names an image of the embedded registry. */
export function imageName(repository: string, tag = 'latest'): string {
  return `${PLACE.account}.dkr.ecr.${PLACE.region}.amazonaws.com/${repository}:${tag}`;
}

/** A task of a service of the same name as its repository's last part, with one container `app`. */
export function aTask(
  service: string,
  { repository, digest, ...spec }: { repository: string; digest?: string } & Partial<TaskSpec>,
): LocalTask {
  const image = imageName(repository);
  return createTask(PLACE, {
    ...{ service, family: service, deployment: 'ecs-svc/1001', architecture: 'arm64' },
    containers: [{ name: 'app', image, ...(digest && { digest }) }],
    ...spec,
  });
}

/** Resolves when nothing about tasks and deployments waits any more. */
async function deploymentsSettled({ stack }: Flow): Promise<void> {
  const endsMs = Date.now() + 25_000;
  while (stack.queues.get('DeploymentsQueue')?.messages().length !== 0) {
    if (Date.now() > endsMs) throw new Error('the queue of deployments is not empty');
    await sleep(20);
  }
}

export async function tell(flow: Flow, events: readonly object[]): Promise<void> {
  for (const event of events) flow.stack.bus.put(event);
  await deploymentsSettled(flow);
}

/** Runs the packaged CLI as a person would. */
export function askCli(
  { stack }: Flow,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ exit: number; out: string; error: string }> {
  const env = { PATH: process.env.PATH ?? '', TZ: 'UTC', ...lookupEnvironment(stack), ...environment };
  const file = join(process.cwd(), 'dist/cli/scan-response.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], { env }, (failure, out, error) =>
      resolve({ exit: failure ? Number(failure.code) : 0, out, error }),
    );
  });
}

/** Every item of a workload, sorted by key. */
export async function workloadItems({ stack }: Flow, service: string): Promise<readonly Item[]> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint: stack.dynamodb.url, region: PLACE.region, credentials });
  const documents = DynamoDBDocumentClient.from(client);
  const { Items = [] } = await documents.send(new ScanCommand({ TableName: stack.tables.lineage }));
  client.destroy();
  const prefix = `SVC#${PLACE.account}#${PLACE.region}#${PLACE.cluster}#${service}`;
  return Items.filter(({ pk }) => pk === prefix).sort((a, b) => (a.sk < b.sk ? -1 : 1));
}
