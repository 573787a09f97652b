import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseTag } from '../../../lib/image/reference.ts';
import { listingsOf } from '../../../lib/lookup/listings.ts';
import { standingsIn } from '../../../lib/lookup/standing.ts';
import { saveRollout, saveRun, saveTask, saveWorkload } from '../../../lib/store/workload.ts';
import type { Run } from '../../../lib/workload/run.ts';
import { aRun, aWorkload } from '../../build/ecs.ts';
import { aDigest, aRepository, at } from '../../build/lineage.ts';
import { startTables, type Tables } from '../../doubles/dynamodb.ts';
import { lookupPorts, recorder } from '../../doubles/lookup.ts';

const [A, B, C, D] = [aDigest('a'), aDigest('b'), aDigest('c'), aDigest('d')];
let tables: Tables;
beforeEach(async () => {
  tables = await startTables();
});
afterEach(() => tables.close());

/** One task of a service ran this from then on, until it was stopped. */
async function runs(
  name: string,
  digest: Run['digest'],
  from: string,
  until?: string,
  more: Partial<Run> = {},
) {
  const run = aRun({
    ...{ workload: aWorkload({ name }), digest, startedAt: at(from), deployment: `ecs-svc/${from}` },
    ...(until && { lastStoppedAt: at(until) }),
    ...more,
  } as Partial<Run>);
  await saveWorkload(tables.lineage, run.workload);
  await saveRun(tables.lineage, run);
  await saveTask(tables.lineage, { run, taskId: `${name}-${from}-${run.name}`, version: 1 });
}

const standings = () => standingsIn(aRepository(), at('12:00'), lookupPorts(tables));

async function byDigest() {
  const found = (await standings()).byDigest;
  return [...found]
    .flatMap(([digest, of]) =>
      of.map(({ as, workload, tasks }) => `${digest.charAt(7)} ${as} ${workload.name} ${tasks}`),
    )
    .sort();
}

test('what runs, with its tasks, and the image before it', async () => {
  await runs('shop', A, '01:00', '02:00');
  await runs('shop', B, '02:00', '03:00');
  await runs('shop', C, '03:00');
  await runs('shop', C, '04:00');
  await runs('first', A, '05:00');
  expect(await byDigest()).toEqual(['a runs first 1', 'b rollback shop 0', 'c runs shop 2']);
});

test('an image whose deployment ECS called failed is nothing to go back to', async () => {
  await runs('shop', A, '01:00', '02:00');
  await runs('shop', B, '02:00', '03:00');
  await runs('shop', C, '03:00');
  await saveRollout(tables.lineage, aWorkload({ name: 'shop' }), 'ecs-svc/02:00', {
    state: 'failed',
    at: at('02:30'),
  });
  expect(await byDigest()).toEqual(['a rollback shop 0', 'c runs shop 1']);
});

test('while two versions run, it is the one before both; each container has its own', async () => {
  await runs('shop', A, '01:00', '02:00');
  await runs('shop', B, '02:00');
  await runs('shop', C, '03:00');
  await runs('shop', D, '01:00', '02:00', { name: 'proxy' });
  await runs('shop', C, '03:00', undefined, { name: 'proxy' });
  expect(await byDigest()).toEqual([
    'a rollback shop 0',
    'b runs shop 1',
    'c runs shop 2',
    'd rollback shop 0',
  ]);
});

test('an image of another repository in the container before is no rollback image of this one', async () => {
  await runs('shop', A, '01:00', '02:00', { repository: aRepository({ name: 'old-api' }) });
  await runs('shop', B, '02:00');
  await runs('shop', D, '02:00', undefined, {
    repository: aRepository({ region: 'us-east-1' }),
    name: 'proxy',
  });
  expect(await byDigest()).toEqual(['b runs shop 1']);
});

test('the tag of a task definition is followed, unless a digest is named with it', async () => {
  const tag = parseTag('latest');
  await runs('follows', A, '01:00', undefined, { tag });
  await runs('pinned', B, '01:00', undefined, { tag, image: `demo-api:latest@${B}` });
  const { byTag } = await standings();
  expect([...byTag].map(([name, of]) => [name, of.map(({ as, workload }) => [as, workload.name])])).toEqual([
    ['latest', [['followed', 'follows']]],
  ]);
});

test('nothing runs', async () => {
  expect(await standings()).toEqual({ byDigest: new Map(), byTag: new Map() });
});

test('what the lineage knows of what indexes list; one that was not read is not known', async () => {
  const demo = recorder(tables);
  const platforms = [{ digest: A, platform: 'linux/amd64' as const }];
  await demo.image(C, [], { kind: 'index', platforms, attestations: [B] });
  await demo.image(D, [], { kind: 'index' });
  const ports = lookupPorts(tables);
  expect(await listingsOf(aRepository(), [C, D, aDigest('e')], ports)).toEqual(new Map([[C, [A, B]]]));
  expect(await listingsOf(aRepository(), [], ports)).toEqual(new Map());
});
