import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { countTasks, findRuns, loadRuns } from '../../../lib/store/run.ts';
import {
  findWorkloads,
  loadRollout,
  saveRollout,
  saveRun,
  saveTask,
  saveWorkload,
} from '../../../lib/store/workload.ts';
import type { Rollout } from '../../../lib/workload/rollout.ts';
import type { Run } from '../../../lib/workload/run.ts';
import { aRun, aWorkload } from '../../build/ecs.ts';
import { aDigest, at } from '../../build/lineage.ts';
import { itemsOf, openTables, startTables, type Tables } from '../../doubles/dynamodb.ts';

let tables: Tables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

let services = 0;
/** A service of its own for each test. */
function aService() {
  services += 1;
  return aWorkload({ name: `service-${services}` });
}

const later = at('23:59');
const runsIn = (run: Run) => loadRuns(tables.lineage, run.workload, { at: later, limit: 9 });

/** One event of a task: it started then, and stopped, or runs. */
async function tell(run: Run, taskId = 'one', version = 1): Promise<void> {
  await saveRun(tables.lineage, run);
  await saveTask(tables.lineage, { run, taskId, version });
}

describe('a run', () => {
  test('begins with its first task and ends with its last, in any order and repeated', async () => {
    const times = ['03:00', '03:05', '04:00', '05:00'];
    const events = times.flatMap((startedAt, index) => [
      { startedAt: at(startedAt) },
      ...(index < 3 ? [{ startedAt: at(startedAt), lastStoppedAt: at(`0${index + 6}:00`) }] : []),
    ]);
    const order = fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length });
    await fc.assert(
      fc.asyncProperty(order, async (shuffled) => {
        const workload = aService();
        for (const event of shuffled) await saveRun(tables.lineage, aRun({ workload, ...event }));
        expect(await runsIn(aRun({ workload }))).toEqual([
          aRun({ workload, startedAt: at('03:00'), lastStoppedAt: at('08:00') }),
        ]);
      }),
      { numRuns: 15 },
    );
  });

  test('is another one for another deployment, container, image or architecture', async () => {
    const workload = aService();
    const changes: readonly Partial<Run>[] = [
      { startedAt: at('01:00') },
      { startedAt: at('02:00'), deployment: 'ecs-svc/1002' },
      { startedAt: at('03:00'), name: 'sidecar' },
      { startedAt: at('04:00'), digest: aDigest('b') },
      { startedAt: at('05:00'), architecture: 'x86_64' },
    ];
    const runs = changes.map((change) => aRun({ workload, ...change }));
    for (const run of runs) await saveRun(tables.lineage, run);
    expect(await runsIn(aRun({ workload }))).toEqual([...runs].reverse());
    const newest = await loadRuns(tables.lineage, workload, { at: at('03:30'), limit: 2 });
    expect(newest).toEqual([runs[2], runs[1]]);
  });

  test('is found by the digest that was pulled, whatever repository and service', async () => {
    const digest = aDigest('f');
    const [one, two] = [aRun({ workload: aService(), digest }), aRun({ workload: aService(), digest })];
    await saveRun(tables.lineage, one);
    await saveRun(tables.lineage, two);
    expect(await findRuns(tables.lineage, { digest, repository: one.repository })).toHaveLength(2);
  });
});

describe('a task', () => {
  test('counts while it runs, by the newest of its events', async () => {
    const run = aRun({ workload: aService() });
    const stopped = { ...run, lastStoppedAt: at('06:00') };
    await tell(run, 'one', 2);
    await tell(run, 'two', 2);
    expect(await countTasks(tables.lineage, run)).toBe(2);
    await tell(stopped, 'one', 5);
    await tell(run, 'one', 4); // late
    await tell(run, 'one', 5); // the same again
    expect(await countTasks(tables.lineage, run)).toBe(1);
    await tell(stopped, 'two', 1); // older than that it runs
    expect(await countTasks(tables.lineage, run)).toBe(1);
  });

  test('counts again when its container was started again', async () => {
    const run = aRun({ workload: aService() });
    await tell({ ...run, lastStoppedAt: at('03:10') }, 'one', 3);
    await tell(run, 'one', 4);
    expect(await countTasks(tables.lineage, run)).toBe(1);
  });

  test('does not count for a service whose name begins alike', async () => {
    const run = aRun({ workload: aWorkload({ name: 'shop' }), deployment: 'ecs-svc/1' });
    await tell({ ...run, workload: aWorkload({ name: 'shop' }), deployment: 'ecs-svc/12' });
    await tell({ ...run, workload: aWorkload({ name: 'shop-2' }) });
    expect(await countTasks(tables.lineage, run)).toBe(0);
  });

  test('is the only thing of the lineage that expires, and only once it has stopped', async () => {
    const own = await openTables();
    const run = aRun({ workload: aWorkload() });
    const stopped = { ...run, lastStoppedAt: at('06:00') };
    for (const each of [run, stopped]) await saveRun(own.lineage, each);
    await saveTask(own.lineage, { run, taskId: 'runs', version: 1 });
    await saveTask(own.lineage, { run: stopped, taskId: 'stopped', version: 1 });
    await saveWorkload(own.lineage, run.workload);
    const expiring = (await itemsOf(own.lineage)).filter(({ expiresAt }) => expiresAt !== undefined);
    expect(expiring).toMatchObject([{ sk: 'TASK#stopped#app' }]);
    expect(expiring[0]?.expiresAt).toBe(Date.parse(at('06:00')) / 1000 + 30 * 86_400);
  });

  test('without a digest is counted under what was asked for', async () => {
    const { digest: _, ...unresolved } = aRun({ workload: aService() });
    await tell(unresolved);
    expect(await runsIn(unresolved)).toEqual([unresolved]);
    expect(await countTasks(tables.lineage, unresolved)).toBe(1);
  });
});

describe('a deployment', () => {
  const states: readonly Rollout[] = [
    { state: 'in-progress', at: at('03:00'), reason: untrusted('it began') },
    { state: 'in-progress', at: at('03:01'), rollsBackTo: 'ecs-svc/900' },
    { state: 'completed', at: at('03:02'), reason: untrusted('it is done') },
    { state: 'in-progress', at: at('03:02') },
  ];

  test('is where its newest event says, at the same instant the later state; a rollback stays known', async () => {
    const order = fc.shuffledSubarray([...states, ...states], { minLength: 2 * states.length });
    await fc.assert(
      fc.asyncProperty(order, async (shuffled) => {
        const workload = aService();
        for (const each of shuffled) await saveRollout(tables.lineage, workload, 'ecs-svc/1', each);
        expect(await loadRollout(tables.lineage, workload, 'ecs-svc/1')).toEqual({
          ...{ state: 'completed', at: at('03:02'), reason: 'it is done', rollsBackTo: 'ecs-svc/900' },
        });
      }),
      { numRuns: 15 },
    );
  });

  test('that nobody told of is not there', async () => {
    expect(await loadRollout(tables.lineage, aService(), 'ecs-svc/1')).toBeUndefined();
  });
});

test('a workload is found by its name, in each account and region', async () => {
  const here = aService();
  const there = { ...here, region: 'us-east-1' };
  for (const each of [here, there, here]) await saveWorkload(tables.lineage, each);
  expect(await findWorkloads(tables.lineage, here)).toEqual([here, there]);
  expect(await findWorkloads(tables.lineage, { cluster: 'other', name: here.name })).toEqual([]);
});
