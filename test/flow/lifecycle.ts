import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { parseDigest } from '../../lib/image/digest.ts';
import { parseTag } from '../../lib/image/reference.ts';
import { toInstant } from '../../lib/instant.ts';
import { saveRun, saveTask, saveWorkload } from '../../lib/store/workload.ts';
import { createRegistry } from '../../local/ecr/registry.ts';
import { type EcrServer, startEcr } from '../../local/ecr/server.ts';
import { aRun, aWorkload } from '../build/ecs.ts';
import { aRepository } from '../build/lineage.ts';
import { cliOver, type RunCli } from '../doubles/cli.ts';
import { recorder } from '../doubles/lookup.ts';

const DAY_MS = 86_400_000;
const ACCOUNT = '111122223333';
/** As the table of a stage that nobody deployed. */
export const UNDEPLOYED = { SCAN_RESPONSE_LINEAGE_TABLE: 'scan-response-none-lineage' };

const ago = (days: number) => new Date(Date.now() - days * DAY_MS);

/** A registry and tables for a test file, and the packaged CLI between them. */
export function lifecycleScene() {
  let nowMs = Date.now();
  const registry = createRegistry({ account: ACCOUNT, region: 'eu-west-1', now: () => new Date(nowMs) });
  const { ask, tables } = cliOver(async () => undefined);
  let ecr: EcrServer | undefined;
  beforeAll(async () => {
    ecr = await startEcr(registry);
  });
  afterAll(() => ecr?.close());

  const run: RunCli = (args, environment) =>
    ask(args, { AWS_ENDPOINT_URL_ECR: ecr?.url ?? '', ...environment });

  /** Pushes an image so many days ago; the lineage knows what an index lists, unless it was not told. */
  async function push(
    name: string,
    tags: readonly string[],
    days: number,
    { platforms = [] as string[], isRecorded = true } = {},
  ) {
    nowMs = ago(days).getTime();
    const pushed = registry.push(name, { tags, ...(platforms.length > 0 && { platforms }) });
    const children = pushed.children.map(({ digest, platform }) => ({
      digest: parseDigest(digest),
      platform,
    }));
    const listed = children.map(({ digest, platform }) => ({ digest, platform: platform as 'linux/amd64' }));
    const digest = parseDigest(pushed.digest);
    if (isRecorded && children.length > 0)
      await recorder(tables(), aRepository({ name })).image(digest, [], { kind: 'index', platforms: listed });
    return { digest, children };
  }

  /** A service's deployment that began so many days ago; its task still runs unless it stopped. */
  async function deploy(
    service: string,
    name: string,
    digest: string,
    days: number,
    { isStopped = false, tag = 'latest' } = {},
  ) {
    const { lineage } = tables();
    const { cluster } = aWorkload();
    const repository = aRepository({ name });
    const whole = aRun({
      ...{ workload: aWorkload({ name: service }), repository, digest: parseDigest(digest) },
      ...{
        image: `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/${name}:${tag}`,
        deployment: `ecs-svc/${days}`,
      },
      tag: parseTag(tag),
      startedAt: toInstant(ago(days)),
      ...(isStopped && { lastStoppedAt: toInstant(ago(days - 1)) }),
    });
    await saveWorkload(lineage, whole.workload);
    await saveRun(lineage, whole);
    await saveTask(lineage, { run: whole, taskId: `task-${days}`, version: 1 });
    return `${cluster}/${service}`;
  }

  /** Gives a repository that is there a policy of its own. */
  function setPolicy(name: string, text: string): void {
    const repository = registry.find(name);
    if (!repository) throw new Error(`no repository ${name}: push to it first`);
    repository.lifecyclePolicy = text;
  }

  return { registry, run, push, deploy, setPolicy, ecr: () => ecr as EcrServer, tables };
}

/** The path of a file with this policy; it is there until the end of the test. */
export async function policyFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lifecycle-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'policy.json'), text);
  return join(folder, 'policy.json');
}

const ajv = new Ajv2020({ allErrors: true, strict: false });
for (const name of ['definitions', 'lifecycle', 'cost'])
  ajv.addSchema(JSON.parse(readFileSync(`docs/schemas/${name}.schema.json`, 'utf8')));

/** The document of a run with `--json`; throws when it is not as its schema says. */
export function documentOf<T>(name: 'lifecycle' | 'cost', stdout: string): T {
  const document = JSON.parse(stdout);
  const validate = ajv.getSchema(`urn:scan-response:${name}:v1`);
  if (!validate?.(document)) throw new Error(JSON.stringify(validate?.errors));
  return document;
}
