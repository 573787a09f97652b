import { expect, test } from 'vitest';
import { repositories } from '../../../lib/lookup/repositories.ts';
import { NEWEST_PUSH } from '../../../lib/policy/policy.ts';
import { saveVerification } from '../../../lib/store/reconciliation.ts';
import type { Table } from '../../../lib/store/table.ts';
import { saveRun, saveTask } from '../../../lib/store/workload.ts';
import { aRun, aWorkload } from '../../build/ecs.ts';
import { aDigest, aRepository, at } from '../../build/lineage.ts';
import { aFinding } from '../../build/notice.ts';
import { openTables, type Tables } from '../../doubles/dynamodb.ts';
import { looker } from '../../doubles/looks.ts';
import { recorder } from '../../doubles/lookup.ts';
import { overviewOf } from '../../doubles/overview.ts';

const A = aDigest('a');

/** Counts what requests take, as DynamoDB says it. */
function measuring({ client }: Table) {
  const cost = { requests: 0, units: 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
      const { ConsumedCapacity } = result.output as { ConsumedCapacity?: unknown };
      const consumed = [ConsumedCapacity ?? []].flat() as { CapacityUnits?: number }[];
      cost.requests += 1;
      cost.units += consumed.reduce((sum, it) => sum + (it.CapacityUnits ?? 0), 0);
      return result;
    },
    { step: 'initialize' },
  );
  return cost;
}

/** Two references that are followed, a service that runs one of them, and tags of releases beside. */
async function fill(tables: Tables, nth: number): Promise<void> {
  const repository = aRepository({ name: `team/api-${nth}` });
  const [record, { look }] = [recorder(tables, repository), looker(tables, repository)];
  for (const tag of ['latest', 'v1.0', 'v1.1', 'v1.2', 'v1.3']) await record.tag(tag, '02:00', A);
  await record.image(A, ['latest', '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567']);
  const found = nth % 2 ? [aFinding()] : [];
  await look('latest', A, at('02:10'), found);
  await look(NEWEST_PUSH, A, at('02:10'), found, { isAside: true });
  await saveVerification(tables.lineage, repository, { since: at('01:00'), verifiedAt: at('11:55') });
  const run = aRun({ digest: A, repository, workload: aWorkload({ name: `api-${nth}` }) });
  await saveRun(tables.lineage, run);
  await saveTask(tables.lineage, { run, taskId: String(nth), version: 1 });
}

test('a page takes at most three requests and four read units for each repository on it', async () => {
  const tables = await openTables();
  await Promise.all(Array.from({ length: 60 }, (_, nth) => fill(tables, nth)));
  const cost = measuring(tables.lineage);
  const ports = overviewOf(tables);
  let after: string | undefined;
  let seen = 0;
  do {
    const before = { ...cost };
    const answer = await repositories({ limit: 25, after }, ports);
    if (answer.found !== 'list') throw new Error(answer.why);
    const listed = answer.repositories.length;
    const [requests, units] = [cost.requests - before.requests, cost.units - before.units];
    if (process.env.VERBOSE) process.stdout.write(`${listed}: ${requests} requests, ${units} units\n`);
    expect(requests).toBeLessThanOrEqual(3 * 25);
    expect(units).toBeLessThanOrEqual(4 * 25);
    seen += listed;
    after = answer.next;
  } while (after !== undefined);
  expect(seen).toBe(60);
});
