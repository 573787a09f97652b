import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidEvent } from '../../../lib/errors.ts';
import { ecrImage } from '../../../lib/intake/ecr-image.ts';
import { parseDeployment, parseEvent, parsePush, parseScan } from '../../../lib/intake/parse.ts';
import { PULLED } from '../../build/ecs.ts';
import type { RawEvent } from '../../build/event.ts';

const sample = (file: string): string => readFileSync(`events/${file}.json`, 'utf8');
const task = (file: string) => {
  const event = parseDeployment(sample(`ecs-task-state-change.${file}`));
  return event.kind === 'task-change' ? event.task : expect.fail('not a task');
};
const rollout = (file: string) => parseDeployment(sample(`ecs-deployment-state-change.${file}`));

const workload = { account: '111122223333', region: 'eu-west-1', cluster: 'prod', name: 'checkout' };
const repository = { account: '111122223333', region: 'eu-west-1', name: 'shop/checkout' };

describe('a task', () => {
  test('of a service that runs: which image, by which deployment, and not the container of another registry', () => {
    expect(task('running')).toEqual({
      workload,
      id: '4f2b9d6c1a3e48d7b0c5e6f7a8192b3c',
      version: 4,
      taskDefinition: 'checkout:42',
      deployment: 'ecs-svc/4815162342000000042',
      startedAt: '2026-11-20T03:01:52.904Z',
      architecture: 'arm64',
      containers: [
        {
          name: 'app',
          image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/checkout:latest',
          repository,
          tag: 'latest',
          digest: PULLED,
        },
      ],
    });
  });

  test('that ECS has not resolved has no digest, and no architecture is guessed', () => {
    const [container] = task('running-without-digest').containers;
    expect(container).toMatchObject({ repository, tag: 'latest' });
    expect(container).not.toHaveProperty('digest');
    expect(task('running-without-digest')).not.toHaveProperty('architecture');
  });

  test('that nobody keeps belongs to its family', () => {
    const { workload: family, containers, ...more } = task('running-standalone');
    expect(family).toEqual({ ...workload, name: 'family:nightly-report' });
    expect(more).not.toHaveProperty('deployment');
    expect(containers).toMatchObject([{ repository, digest: PULLED }]);
  });

  test('that stopped says when, and one that never ran has no start', () => {
    expect(task('stopped').containers).toMatchObject([{ stoppedAt: '2026-11-20T09:40:16.731Z' }]);
    expect(task('stopped-before-start')).not.toHaveProperty('startedAt');
  });

  test.each([
    ['stopped in a task that goes on', 'STOPPED', [{ stoppedAt: '2026-11-20T03:01:52.904Z' }]],
    ['waiting for another', 'PENDING', []],
    ['without a status of its own', undefined, [{ name: 'app' }]],
  ])('a container that is %s', (_, lastStatus, containers) => {
    const event = JSON.parse(sample('ecs-task-state-change.running'));
    event.detail.containers[0].lastStatus = lastStatus;
    const parsed = parseDeployment(JSON.stringify(event));
    expect(parsed).toMatchObject({ task: { containers } });
    expect(parsed.kind === 'task-change' && parsed.task.containers).toHaveLength(containers.length);
  });

  test.each([
    ['only its group names a service', { startedBy: 'me' }],
    ['only its starter names a deployment', { group: 'family:checkout' }],
    ['neither is said', { group: undefined, startedBy: undefined }],
  ])('is no service’s when %s', (_, changes) => {
    const event = JSON.parse(sample('ecs-task-state-change.running'));
    Object.assign(event.detail, changes);
    expect(parseDeployment(JSON.stringify(event))).toMatchObject({
      task: { workload: { name: 'family:checkout' } },
    });
  });
});

describe('a deployment', () => {
  test.each([
    ['in-progress', 'in-progress', undefined],
    ['completed', 'completed', undefined],
    ['failed', 'failed', undefined],
    ['rollback', 'in-progress', 'ecs-svc/4815162342000000042'],
  ])('%s', (file, state, rollsBackTo) => {
    const event = rollout(file);
    expect(event).toMatchObject({ kind: 'rollout-change', workload, rollout: { state } });
    expect(event.kind === 'rollout-change' && event.rollout.rollsBackTo).toBe(rollsBackTo);
  });
});

describe('what cannot be believed is refused, in words', () => {
  const TASK = 'ecs-task-state-change.running';
  const DEPLOYMENT = 'ecs-deployment-state-change.completed';

  test.each<[string, string, string, string, RegExp]>([
    [
      'a task of another account',
      TASK,
      '"111122223333"',
      '"999988887777"',
      /the cluster is not in the account/,
    ],
    ['a task of another region', TASK, '"eu-west-1"', '"us-east-1"', /the cluster is not in the account/],
    ['a task of a service as cluster', TASK, ':cluster/prod', ':service/prod', /not the ARN of a cluster/],
    [
      'a name that would forge a key',
      TASK,
      'service:checkout',
      'service:check#out',
      /not the name of a service/,
    ],
    ['a version that is no number', TASK, '"version": 4', '"version": "4"', /detail.version/],
    [
      'a state that no rule lets through',
      TASK,
      '"lastStatus": "RUNNING",\n    "version"',
      '"lastStatus": "PENDING",\n    "version"',
      /detail.lastStatus/,
    ],
    ['a digest that is none', TASK, PULLED, 'sha256:1a', /detail.containers.0.imageDigest/],
    ['a container with a forged name', TASK, '"name": "app"', '"name": "a#b"', /detail.containers.0.name/],
    [
      'a deployment without an id',
      DEPLOYMENT,
      '"ecs-svc/4815162342000000042"',
      '"42"',
      /detail.deploymentId/,
    ],
    [
      'a service of the old form',
      DEPLOYMENT,
      'service/prod/checkout',
      'service/checkout',
      /names no cluster/,
    ],
    ['a deployment of nothing', DEPLOYMENT, '"resources": [', '"resources": {}, "were": [', /resources/],
  ])('%s', (_, file, from, to, reason) => {
    const text = sample(file);
    expect(text).toContain(from);
    const run = () => parseDeployment(text.replace(from, to));
    expect(run).toThrow(InvalidEvent);
    expect(run).toThrow(reason);
  });

  test('whatever a detail holds, it is an event or a reason', () => {
    const event = JSON.parse(sample(TASK));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(event.detail)), fc.jsonValue(), (field, value) => {
        const body = JSON.stringify({ ...event, detail: { ...event.detail, [field]: value } });
        try {
          expect(parseEvent(body).kind).toBe('task-change');
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidEvent);
        }
      }),
    );
  });

  test('no queue takes the events of another', () => {
    expect(() => parsePush(sample(TASK))).toThrow('a task came to the queue for pushes');
    expect(() => parseScan(sample(DEPLOYMENT))).toThrow('a deployment came to the queue for scans');
    const scan = readFileSync('events/ecr-image-scan.complete.json', 'utf8') as RawEvent & string;
    expect(() => parseDeployment(scan)).toThrow('a scan came to the queue for deployments');
  });
});

test.each([
  ['111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/checkout:v1', { tag: 'v1' }],
  ['111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com/shop/checkout:v1', { tag: 'v1' }],
  ['111122223333.dkr-ecr.eu-west-1.on.aws/shop/checkout:v1', { tag: 'v1' }],
  ['111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/checkout', {}],
  [`111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/checkout:v1@${PULLED}`, { tag: 'v1', digest: PULLED }],
  [`111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/checkout@${PULLED}`, { digest: PULLED }],
])('an image of ECR: %s', (image, expected) => {
  expect(ecrImage(image)).toEqual({ repository, ...expected });
});

test.each([
  'nginx',
  'docker.io/library/nginx:1',
  'public.ecr.aws/docker/library/nginx:1',
  'example.com/111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:v1',
  '111122223333.dkr.ecr.eu-west-1.amazonaws.com.evil.example/shop:v1',
  '111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop#x:v1',
  '',
])('no image of ECR: %s', (image) => {
  expect(ecrImage(image)).toBeUndefined();
});

const recorded = join(process.env.RECORDED_DIR ?? '../shared/recorded', 'lineage');

describe.skipIf(!existsSync(recorded))('recorded events', () => {
  const read = (file: string) => parseDeployment(readFileSync(join(recorded, file), 'utf8'));

  test('a task of Fargate that stopped', () => {
    expect(read('ecs-task-state-change-fargate-2024.json')).toEqual({
      kind: 'task-change',
      eventId: '95fb0ab4-e6f9-ba18-da16-ea0a3191d1b4',
      at: '2024-11-13T21:23:11.000Z',
      task: {
        workload: { account: '123456789012', region: 'us-east-1', cluster: 'Example', name: 'Example' },
        id: 'cdd887a827a4432db19f6059310a4817',
        version: 9,
        taskDefinition: 'Example:3',
        deployment: 'ecs-svc/2770844949256052681',
        startedAt: '2024-11-13T20:56:36.540Z',
        architecture: 'x86_64',
        containers: [
          {
            name: 'Example',
            image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/example-webservice:latest',
            repository: { account: '123456789012', region: 'us-east-1', name: 'example-webservice' },
            tag: 'latest',
            digest: 'sha256:2f66438e209d4c2e638a26409ad1e5214eb2ee438dd4592820466fe7f4ecb820',
            stoppedAt: '2024-11-13T21:23:11.984Z',
          },
        ],
      },
    });
  });

  test('a deployment that was completed', () => {
    expect(read('ecs-deployment-state-change-2023.json')).toMatchObject({
      workload: {
        account: '540462574055',
        region: 'ap-northeast-1',
        cluster: 'd2d-cluster-dev',
        name: 'd2d-pdf',
      },
      deployment: 'ecs-svc/1702860048778063437',
      rollout: { state: 'completed', at: '2023-08-07T06:28:58.617Z' },
    });
  });
});
