import { newRepository, playAlerts } from './alert.ts';
import type { Bench } from './bench.ts';
import { scanOf } from './findings.ts';
import { taskBatches } from './memory-scenes.ts';
import { PEAK } from './memory-time.ts';
import { programOf } from './programs.ts';

const REPOSITORIES = 1000;

/**
 * The most that each function of ours is asked to hold: a full batch, 10,000 findings, a walk over a thousand
 * repositories. The whole processor, and no limit on the heap, so that nothing is collected before it has to be.
 */
export async function peaks(bench: Bench): Promise<void> {
  const { origins } = bench;
  const batchOf = batchSizes(bench);
  const tags = { images: 50, together: batchOf };
  await playAlerts(origins, { ...tags, scan: scanOf('basic', 10) }, measuring(bench, 'a full batch'));
  const many = { images: batchOf('scan-completed'), together: batchOf, sinks: [] };
  await playAlerts(
    origins,
    { ...many, scan: scanOf('enhanced', 1000) },
    measuring(bench, 'a full batch, 1,000 findings each', 'scan-completed'),
  );
  await playAlerts(
    origins,
    { images: 1, sinks: [], scan: scanOf('enhanced', 10_000) },
    measuring(bench, '10,000 findings', 'scan-completed'),
  );
  const repositories = Array.from({ length: 10 }, newRepository);
  const tasks = taskBatches(origins, repositories, batchOf('image-deployed'));
  await measuring(bench, 'a full batch')('image-deployed', tasks);
  while (origins.registry.names().length < REPOSITORIES)
    origins.registry.push(newRepository(), { tags: ['latest'] });
  for (const name of ['heartbeat', 'reconcile'])
    await measuring(bench, 'a thousand repositories')(name, [{ source: 'aws.events' }]);
}

/** Of each function, as its queue has it in the template. */
function batchSizes({ origins }: Bench): (name: string) => number {
  const { mappings } = origins.stack;
  return (name) => mappings.find(({ functionName }) => functionName.endsWith(`-${name}`))?.batchSize ?? 1;
}

/** Runs all events; of the first, and the function that is named, what it held is recorded. */
function measuring({ measure, builds, record, say }: Bench, what: string, only?: string) {
  const [ours] = builds;
  return async (name: string, events: readonly object[]) => {
    if (!ours) return;
    const program = programOf(ours, name);
    const isMeasured = only ? only === name : true;
    if (isMeasured) say(`most memory, ${what}: ${name}`);
    const { peak } = await measure({ program, events });
    if (isMeasured)
      record({ what: `${PEAK}${what}`, program: program.name, round: 1, values: { peakMiB: peak } });
  };
}
