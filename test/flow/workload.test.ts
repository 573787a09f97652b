import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createTask, deploymentChange } from '../../local/ecs/events.ts';
import { askCli, aTask, imageName, PLACE, tell, workloadItems } from './ecs.ts';
import { type Event, flowForFile } from './stack.ts';

const flow = flowForFile();
const COMMIT = '4f0c2d1e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d';
const OTHER = '9b7e3c5a1d2f4e6b8a0c9d7e5f3b1a2c4d6e8f0a';
const DIGEST = `sha256:${'c3'.repeat(32)}`;

/** `03:10` of 20 November 2026, UTC. */
const at = (time: string) => new Date(`2026-11-20T${time}:00Z`);

/** Two images of a repository, pushed and recorded. */
async function twoImages(repository: string) {
  const first = flow().push(repository, { tags: ['latest', COMMIT], seed: 'one' });
  const second = flow().push(repository, { tags: ['latest', OTHER], seed: 'two' });
  await flow().settled(repository);
  return { first: first.digest, second: second.digest };
}

function asService(events: readonly object[], from: string, to: string): readonly Event[] {
  return events.map((event) => ({
    ...JSON.parse(JSON.stringify(event).replaceAll(from, to)),
    id: randomUUID(),
  }));
}

describe('a service that was deployed twice', () => {
  const OLD = 'ecs-svc/1001';
  const NEW = 'ecs-svc/1002';

  async function deployedTwice(service: string) {
    const repository = `workload/${service}`;
    const { first, second } = await twoImages(repository);
    const old = [
      aTask(service, { repository, digest: first }),
      aTask(service, { repository, digest: first }),
    ];
    const next = aTask(service, { repository, digest: second, deployment: NEW, revision: 2 });
    const events = [
      deploymentChange(PLACE, service, OLD, 'IN_PROGRESS', { at: at('01:00') }),
      ...old.map((task, index) => task.running(at(`01:0${index + 1}`))),
      deploymentChange(PLACE, service, OLD, 'COMPLETED', { at: at('01:05') }),
      deploymentChange(PLACE, service, NEW, 'IN_PROGRESS', { at: at('03:00') }),
      next.running(at('03:02')),
      ...old.map((task, index) => task.stopped(at(`03:0${index + 3}`))),
      deploymentChange(PLACE, service, NEW, 'COMPLETED', { at: at('03:06') }),
    ];
    return { repository, first, second, events };
  }

  test.concurrent('now: the image and commit, since when, by which deployment, and what was before', async () => {
    const { first, second, events } = await deployedTwice('twice');
    await tell(flow(), events);
    const { exit, out } = await askCli(flow(), ['service', 'prod/twice']);
    expect(exit).toBe(0);
    const [answer = '', ...lines] = out.split('\n');
    expect(answer).toContain(`prod/twice  ${OTHER.slice(0, 12)}  ${second.slice(7, 19)}  since `);
    expect(lines).toContain('  tasks     1 runs now');
    expect(lines).toContain(`  by        ${NEW} (twice:2)`);
    expect(lines).toContain('  since     2026-11-20 03:02:00 UTC (03:02:00Z)');
    const [before = ''] = lines.filter((line) => line.includes(OLD));
    expect(before).toContain(COMMIT.slice(0, 12));
    expect(before).toContain('2026-11-20 01:01:00 UTC (01:01:00Z) to 2026-11-20 03:04:00 UTC (03:04:00Z)');
    expect(out).toContain(first.slice(7, 19));
  });

  test.concurrent.each([
    ['before the first', '2026-11-20T00:59:59Z', []],
    ['on the first', '2026-11-20T01:01:00Z', [OLD]],
    ['between', '2026-11-20T02:00:00Z', [OLD]],
    ['while both ran', '2026-11-20T03:02:30Z', [NEW, OLD]],
    ['on the last stop of the old one', '2026-11-20T03:04:00Z', [NEW]],
    ['after', '2026-11-20T09:00:00Z', [NEW]],
  ])('at a time: %s', async (what, time, deployments) => {
    const service = `at-${what.replaceAll(' ', '-')}`;
    const { events } = await deployedTwice(service);
    await tell(flow(), events);
    const { exit, out } = await askCli(flow(), ['service', `prod/${service}`, '--at', time, '--json']);
    expect(exit).toBe(deployments.length > 0 ? 0 : 2);
    const { schema, ran = [] } = JSON.parse(out);
    expect(schema).toBe('scan-response.service/v1');
    expect(ran.map(({ deployment }: { deployment: string }) => deployment)).toEqual(deployments);
  });

  test('events in any order, and repeated, give the same answers', async () => {
    const { events } = await deployedTwice('ordered');
    await tell(flow(), events);
    const inOrder = await workloadItems(flow(), 'ordered');
    expect(inOrder.map(({ sk }) => String(sk).split('#')[0])).toEqual([
      ...['D', 'D', 'ROLLOUT', 'ROLLOUT', 'TASK', 'TASK', 'TASK'],
    ]);
    for (const [index, order] of [
      [8, 7, 6, 5, 4, 3, 2, 1, 0],
      [6, 0, 8, 2, 4, 1, 7, 3, 5, 2, 6, 4],
      [1, 6, 2, 7, 1, 2, 5, 8, 4, 3, 0],
    ].entries()) {
      const service = `shuffl${index}`;
      for (const event of asService(
        order.map((nth) => events[nth] ?? {}),
        'ordered',
        service,
      ))
        await tell(flow(), [event]);
      const items = JSON.stringify(await workloadItems(flow(), service)).replaceAll(service, 'ordered');
      // A stopped task keeps when it started only if that was told first; nobody reads it.
      const withoutStarts = (of: string) =>
        JSON.parse(of).map(({ sk, startedAt, ...item }: Event) =>
          String(sk).startsWith('TASK') ? { sk, ...item } : { sk, startedAt, ...item },
        );
      expect(withoutStarts(items)).toEqual(withoutStarts(JSON.stringify(inOrder)));
    }
  });
});

test('a late event does not start a task again that has stopped', async () => {
  const task = aTask('late', { repository: 'workload/late', digest: DIGEST });
  const running = task.running(at('01:00'));
  await tell(flow(), [task.stopped(at('02:00')), running]);
  const { out } = await askCli(flow(), ['service', 'prod/late']);
  expect(out).toContain('no task with an image of ECR runs\n');
  expect(out).toContain('2026-11-20 01:00:00 UTC (01:00:00Z) to 2026-11-20 02:00:00 UTC (02:00:00Z)');
});

test('a deployment that failed and was rolled back says so', async () => {
  const service = 'rolled-back';
  const task = aTask(service, { repository: 'workload/rolled', digest: DIGEST, deployment: 'ecs-svc/77' });
  const reason = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/42.';
  await tell(flow(), [
    task.running(at('04:00')),
    deploymentChange(PLACE, service, 'ecs-svc/77', 'FAILED', {
      at: at('04:10'),
      reason: 'ECS deployment circuit breaker: tasks failed to start.\u001b[2J',
    }),
    deploymentChange(PLACE, service, 'ecs-svc/77', 'IN_PROGRESS', { at: at('04:09'), reason }),
  ]);
  const { out } = await askCli(flow(), ['service', `prod/${service}`]);
  expect(out).toContain('FAILED at 2026-11-20 04:10:00 UTC (04:10:00Z): ECS deployment circuit breaker');
  expect(out).toContain('ROLLBACK: it goes back to ecs-svc/42');
  expect(out).not.toContain('\u001b');
});

test('a task that no service keeps is found by its family, whatever its group says', async () => {
  const spec = {
    family: 'nightly',
    containers: [{ name: 'job', image: imageName('workload/job'), digest: DIGEST }],
  };
  const forged = createTask(PLACE, { ...spec, service: 'checkout', deployment: 'somebody' });
  await tell(flow(), [createTask(PLACE, spec).running(at('05:00')), forged.running(at('05:01'))]);
  const { out } = await askCli(flow(), ['service', 'prod/family:nightly']);
  expect(out).toContain('  tasks     2 run now');
  expect(out).toContain('  by        nightly:1 (nightly:1)');
  expect((await askCli(flow(), ['service', 'prod/checkout'])).exit).toBe(2);
});

test('a digest that ECS did not tell is said to be unknown, until it tells', async () => {
  const service = 'unresolved';
  const containers = [{ name: 'app', image: imageName('workload/unresolved') }];
  const spec = { service, family: service, deployment: 'ecs-svc/5', containers };
  const task = createTask(PLACE, spec);
  await tell(flow(), [task.running(at('06:00'))]);
  const before = await askCli(flow(), ['service', `prod/${service}`]);
  expect(before.out).toContain('unknown: ECS did not say what it pulled');
  const resolved = aTask(service, {
    repository: 'workload/unresolved',
    digest: DIGEST,
    deployment: 'ecs-svc/5',
  });
  await tell(flow(), [resolved.running(at('06:01'))]);
  const after = await askCli(flow(), ['service', `prod/${service}`, '--json']);
  expect(JSON.parse(after.out).ran).toMatchObject([{ digest: DIGEST, tasks: 1 }]);
});

test('images of other registries, and tasks that never ran, are not recorded, and the log says so', async () => {
  const containers = [{ name: 'proxy', image: 'public.ecr.aws/docker/library/nginx:1', digest: DIGEST }];
  const foreign = createTask(PLACE, {
    service: 'foreign',
    family: 'foreign',
    deployment: 'ecs-svc/6',
    containers,
  });
  const failed = aTask('failed', { repository: 'workload/failed' });
  await tell(flow(), [foreign.running(at('07:00')), failed.stopped(at('07:01'))]);
  expect(await workloadItems(flow(), 'foreign')).toEqual([]);
  expect(await workloadItems(flow(), 'failed')).toEqual([]);
  const outcomes = flow().stack.logs.map(({ line }) => line as { workload?: string; outcome?: string });
  expect(outcomes.find(({ workload }) => workload === 'foreign')?.outcome).toBe('no-image-of-ecr');
  expect(outcomes.find(({ workload }) => workload === 'failed')?.outcome).toBe('never-ran');
});

test.each([
  [
    'of another account',
    (text: string) => text.replace('111122223333:cluster', '999988887777:cluster'),
    /not in the account/,
  ],
  ['without a version', (text: string) => text.replace('"version":1,', ''), /detail.version/],
  [
    'with a cluster that is no name',
    (text: string) => text.replace('cluster/prod', 'cluster/prod#x'),
    /not the name of a cluster/,
  ],
])('a task %s ends in the dead letters with its reason', async (_, spoil, reason) => {
  const name = `spoilt-${randomUUID()}`;
  const event = aTask(name, { repository: 'workload/spoilt', digest: DIGEST }).running(at('08:00'));
  await tell(flow(), [JSON.parse(spoil(JSON.stringify(event)))]);
  const letters = flow().stack.queues.get('DeploymentsDeadLetters')?.messages() ?? [];
  const letter = letters.find(({ body }) => body.includes(name));
  expect(letter?.attributes.reason?.StringValue).toMatch(reason);
});

test('the service is named without its account, and a wrong name is a usage error', async () => {
  expect(await askCli(flow(), ['service', 'prod/nobody'])).toMatchObject({
    exit: 2,
    error: expect.stringContaining('not found: ECS has not told'),
  });
  expect(await askCli(flow(), ['service', 'nobody'])).toMatchObject({
    exit: 1,
    error: expect.stringContaining('not a service'),
  });
});
