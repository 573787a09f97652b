import { expect, test } from 'vitest';
import { NO_IMAGES } from '../../../lib/audit/census.ts';
import type { AuditPorts } from '../../../lib/audit/ports.ts';
import { findRunning, withScans } from '../../../lib/audit/running.ts';
import type { Digest } from '../../../lib/image/digest.ts';
import { loadTogether } from '../../../lib/store/load-together.ts';
import { loadRunning } from '../../../lib/store/run.ts';
import { saveRun, saveTask } from '../../../lib/store/workload.ts';
import { runsOf } from '../../../lib/workload/run.ts';
import { aContainer, aTask, aWorkload } from '../../build/ecs.ts';
import { aDigest, aRepository, at } from '../../build/lineage.ts';
import { openTables, type Tables } from '../../doubles/dynamodb.ts';
import { recorder } from '../../doubles/lookup.ts';

const [INDEX, AMD64, ARM64] = ['a', 'b', 'c'].map(aDigest) as [Digest, Digest, Digest];

async function start({ lineage }: Tables, task: ReturnType<typeof aTask>): Promise<void> {
  for (const run of runsOf(task)) {
    await saveRun(lineage, run.run);
    await saveTask(lineage, run);
  }
}

function portsOf({ lineage }: Tables): Pick<AuditPorts, 'loadRunning' | 'loadTogether'> {
  return {
    loadRunning: (repository) => loadRunning(lineage, repository),
    loadTogether: (images, more) => loadTogether(lineage, images, more),
  };
}

test('only what runs from the repository itself, and what stopped does not run', async () => {
  const tables = await openTables();
  const elsewhere = aRepository({ account: '444455556666' });
  await start(tables, aTask());
  await start(tables, aTask({ id: 'two', workload: aWorkload({ name: 'billing' }) }));
  const away = aContainer({ repository: elsewhere, digest: AMD64 });
  await start(tables, aTask({ id: 'three', workload: aWorkload({ name: 'away' }), containers: [away] }));
  const ended = aContainer({ digest: ARM64, stoppedAt: at('04:00') });
  await start(tables, aTask({ id: 'four', workload: aWorkload({ name: 'ended' }), containers: [ended] }));

  const here = await findRunning(aRepository(), portsOf(tables));
  expect(here.map(({ digest, runs }) => [digest, runs.map(({ workload }) => workload.name)])).toEqual([
    [INDEX, ['billing', 'checkout']],
  ]);
  const there = await findRunning(elsewhere, portsOf(tables));
  expect(there.map(({ digest }) => digest)).toEqual([AMD64]);
  expect(await findRunning(aRepository({ name: 'other' }), portsOf(tables))).toEqual([]);
});

test('of an index the scan of the platform that runs is asked for, of a plain image its own', async () => {
  const tables = await openTables();
  await recorder(tables).image(INDEX, ['v1.0.0'], {
    kind: 'index',
    platforms: [
      { digest: AMD64, platform: 'linux/amd64' },
      { digest: ARM64, platform: 'linux/arm64' },
    ],
  });
  await start(tables, aTask());
  const [found] = await findRunning(aRepository(), portsOf(tables));
  if (!found) throw new Error('nothing runs');
  const asked = async (kind: 'index' | 'image' | undefined, it = found) => {
    const digests: Digest[] = [];
    const listed = new Map(kind && [[INDEX, { kind, isArchived: false, pushedAt: at('02:00') }]]);
    await withScans(aRepository(), it, { ...NO_IMAGES, listed }, async ({ digest }) => {
      digests.push(digest);
      return { state: 'pending' };
    });
    return digests;
  };
  expect(await asked('index')).toEqual([ARM64]);
  expect(await asked('image')).toEqual([INDEX]);
  expect(await asked(undefined)).toEqual([]);
  expect(await asked('index', { ...found, record: undefined })).toEqual([]);
});
