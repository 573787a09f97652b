import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseTag } from '../../../lib/image/reference.ts';
import { tagEvidence } from '../../../lib/image/tag-form.ts';
import { basicAnswer } from '../../../local/ecr/findings.ts';
import { createRegistry } from '../../../local/ecr/registry.ts';
import type { ScanAnswer } from '../../../local/ecr/scan-answer.ts';
import { type EcrServer, startEcr } from '../../../local/ecr/server.ts';
import { readWorkflow } from '../../contract/workflow.ts';
import { cliFile } from '../../doubles/cli.ts';
import { openClone } from '../../doubles/clone.ts';
import { basicFindings } from '../../flow/findings.ts';
import { startBridge } from './bridge.ts';
import { clientsIn, installClients } from './clients.ts';
import { type Job, runJob } from './job.ts';
import type { ImageActionEvent } from './notification.ts';
import { type Registry, startRegistry } from './registry.ts';

// Every shell part of the example, with the packaged command, a real git and a real registry. ECR's scans are ours.
const workflow = readWorkflow('deploy.yml');
const hasClients = await installClients();
const TASK = {
  taskDefinition: 'demo-api',
  containerDefinitions: [
    { name: 'app', image: 'demo-api:old' },
    { name: 'sidecar', image: 'sidecar:1' },
  ],
};

describe.skipIf(!hasClients)('the example that deploys', () => {
  const { clone, git, commit } = openClone();
  const head = commit();
  git('-C', clone, 'tag', 'v1.2.3');
  const cli = cliFile();
  const ecr = createRegistry({ account: '111122223333', region: 'eu-west-1' });
  const events: ImageActionEvent[] = [];
  let server: EcrServer;
  let bridge: Awaited<ReturnType<typeof startBridge>>;
  let registry: Registry;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'workflow-'));
    server = await startEcr(ecr);
    bridge = await startBridge(async (pushed) => void events.push(...pushed));
    registry = await startRegistry(bridge.url);
  });
  afterAll(async () => {
    await registry?.close();
    await bridge?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The job in a checkout of its own repository in the registry, whose scan gives this answer. */
  async function job(repository: string, answer: ScanAnswer, task: object = TASK): Promise<Job> {
    const home = join(folder, repository);
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'task.json'), JSON.stringify({ ...task, revision: 7, status: 'ACTIVE' }));
    const environment = {
      ...workflow.env,
      ...{ HOME: home, TMPDIR: home, XDG_RUNTIME_DIR: home, _CONTAINERS_ROOTLESS_UID: '65534', TZ: 'UTC' },
      PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
      ...{ REGISTRY: registry.host, REPOSITORY: repository, TASK_DEFINITION: join(home, 'task.json') },
      ...{ SCAN_RESPONSE_SOURCE: `file://${clone}`, CLI_FOLDER: dirname(cli()) },
      ...{ GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'example/demo-api' },
      ...{ GITHUB_RUN_NUMBER: '57', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
      AWS_ENDPOINT_URL_ECR: server.url,
    };
    return runJob(workflow.steps, clone, environment, async ({ run = '' }, outputs) => {
      if (run.startsWith('scan-response gate'))
        await scanned(repository, outputs.get('build')?.digest ?? '', answer);
    });
  }

  /** ECR has what was pushed, and its scan. */
  async function scanned(repository: string, digest: string, answer: ScanAnswer): Promise<void> {
    const reply = await fetch(`http://${registry.host}/v2/${repository}/manifests/${digest}`, {
      headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
    });
    const text = await reply.text();
    const { mediaType = 'application/vnd.oci.image.manifest.v1+json', config } = JSON.parse(text);
    ecr.push(repository, {});
    const manifest = { digest, mediaType, text, artifactMediaType: config.mediaType, sizeBytes: text.length };
    ecr.find(repository)?.images.set(digest, { ...manifest, pushedAt: new Date() });
    ecr.setScan(repository, digest, answer);
  }

  /** `tag` → digest of all pushes to a repository. */
  function pushes(repository: string): ReadonlyMap<string, string> {
    const told = events.filter(({ detail }) => detail['repository-name'] === repository);
    return new Map(told.map(({ detail }) => [detail['image-tag'] ?? '', detail['image-digest'] ?? '']));
  }

  test('pushes once under every name of the commit, and deploys that digest', async () => {
    const done = await job('passed', basicAnswer([]));
    expect(done).toMatchObject({ failed: undefined, exit: 0 });
    const digest = done.outputs.get('build')?.digest ?? '';
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);

    await expect.poll(() => pushes('passed').size).toBe(4); // the registry tells a little later
    const tags = [...pushes('passed').keys()];
    expect(tags).toEqual([head, expect.stringMatching(/^v1\.2\.3-[0-9a-f]{7,}$/), 'prod-latest', 'build-57']);
    expect(new Set(pushes('passed').values())).toEqual(new Set([digest]));
    for (const tag of tags.slice(0, 2))
      expect(head.startsWith(tagEvidence(parseTag(tag))?.commit ?? '-')).toBe(true);

    const run = clientsIn(folder);
    const image = `docker://${registry.host}/passed@${digest}`;
    const { Labels } = JSON.parse(await run('skopeo', ['inspect', '--tls-verify=false', image]));
    expect(Labels).toMatchObject({
      'org.opencontainers.image.revision': head,
      'org.opencontainers.image.version': 'v1.2.3',
    });

    const { containerDefinitions, ...rest } = JSON.parse(await done.left('registered.json'));
    expect(containerDefinitions).toEqual([
      { name: 'app', image: `${registry.host}/passed@${digest}` },
      { name: 'sidecar', image: 'sidecar:1' },
    ]);
    expect(rest).toEqual({ taskDefinition: 'demo-api' });
    expect(await done.left('password')).toBe('a password\n');
    expect(done.printed).toContain('PASSED');
  });

  test('calls what is outside in this order, and builds the commit that BuildKit fetches', async () => {
    const { calls } = await job('calls', basicAnswer([]));
    const names = calls.map((call) => call.split(' ').slice(0, 3).join(' '));
    // The two ends of a pipe begin together.
    expect(names.slice(2, 4).sort()).toEqual(['aws ecr get-login-password', 'docker login --username']);
    expect(names.slice(4)).toEqual([
      'aws ecr describe-images',
      'docker buildx build',
      'aws ecs describe-task-definition',
      'aws ecs register-task-definition',
      'aws ecs update-service',
      'aws ecs wait',
    ]);
    const build = calls.find((call) => call.startsWith('docker buildx')) ?? '';
    expect(build).toContain('--provenance mode=min');
    expect(build).toContain(`https://github.com/example/demo-api.git#${head} `);
    expect(build).toContain('--push');
    expect(calls.join('\n')).not.toContain('a password');
  });

  test('that runs again takes the image that is there', async () => {
    const first = await job('again', basicAnswer([]));
    const second = await job('again', basicAnswer([]));
    expect(second).toMatchObject({ failed: undefined, exit: 0 });
    expect(second.outputs.get('build')).toEqual(first.outputs.get('build'));
    expect(second.calls.filter((call) => call.startsWith('docker buildx'))).toEqual([]);
  });

  test.each<[string, ScanAnswer, number]>([
    ['blocked', basicAnswer(basicFindings('CRITICAL')), 1],
    ['unsupported', { status: 'UNSUPPORTED_IMAGE' }, 2],
  ])('an image that is %s is not deployed', async (repository, answer, exit) => {
    const done = await job(repository, answer);
    expect(done).toMatchObject({ failed: 'It must be scanned and have no critical finding', exit });
    expect(done.calls.filter((call) => call.startsWith('aws ecs'))).toEqual([]);
  });

  test('a task definition without the container is not registered', async () => {
    const done = await job('elsewhere', basicAnswer([]), { containerDefinitions: [{ name: 'web' }] });
    expect(done).toMatchObject({ failed: 'Deploy the digest' });
    expect(done.printed).toContain('no container app');
    expect(done.calls.filter((call) => /register|update/.test(call))).toEqual([]);
  });

  test('a checkout with something in it that is in no commit is not built', async () => {
    await writeFile(join(clone, 'left-over.txt'), '');
    const done = await job('dirty', basicAnswer([]));
    await rm(join(clone, 'left-over.txt'));
    expect(done).toMatchObject({ failed: 'Name the image', exit: 2 });
    expect(done.printed).toContain('the work tree is not clean: 0 changed and 1 untracked');
    expect(pushes('dirty').size).toBe(0);
  });
});
