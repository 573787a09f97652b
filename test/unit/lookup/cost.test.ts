import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/image/digest.ts';
import { parseReference } from '../../../lib/image/reference.ts';
import { toInstant } from '../../../lib/instant.ts';
import { type WhoOptions, who } from '../../../lib/lookup/who.ts';
import { saveVerification } from '../../../lib/store/reconciliation.ts';
import { saveTagEvent } from '../../../lib/store/tag-history.ts';
import { saveRun, saveTask } from '../../../lib/store/workload.ts';
import { aRun } from '../../build/ecs.ts';
import { aDigest, aRepository, aTagName, at } from '../../build/lineage.ts';
import { aScan } from '../../build/scan.ts';
import { openTables } from '../../doubles/dynamodb.ts';
import { lookupPorts, recorder } from '../../doubles/lookup.ts';

const [A, B] = ['a', 'b'].map(aDigest) as [Digest, Digest];
const HOST = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';

/**
 * A tag with this many events, two images, a scan, a service that runs one of them, a verification, and what each
 * question took of DynamoDB: requests, how often one had to wait for others, and units.
 */
async function measured(events: number) {
  const tables = await openTables();
  const record = recorder(tables);
  await record.tag('latest', '00:00', A);
  for (let i = 0; i < events; i += 1) {
    const time = toInstant(new Date(Date.parse(at('01:00')) + i * 1000));
    const event = {
      op: 'push',
      at: time,
      eventId: `e${i}`,
      recordedAt: time,
      digest: i % 2 ? A : B,
    } as const;
    await saveTagEvent(tables.lineage, aTagName(), event);
  }
  for (const digest of [A, B]) await record.image(digest, ['latest', digest === A ? 'v1' : 'v2']);
  await saveVerification(tables.lineage, aRepository(), { since: at('00:00'), verifiedAt: at('11:55') });
  await record.scan(A, aScan());
  const run = aRun({ digest: A });
  await saveRun(tables.lineage, run);
  for (const taskId of ['one', 'two']) await saveTask(tables.lineage, { run, taskId, version: 1 });
  let [requests, rounds, underWay, units] = [0, 0, 0, 0];
  tables.lineage.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const input = { ...args.input, ReturnConsumedCapacity: 'TOTAL' };
        if (underWay === 0) rounds += 1;
        underWay += 1;
        const result = await next({ ...args, input }).finally(() => {
          underWay -= 1;
        });
        const { ConsumedCapacity } = result.output as { ConsumedCapacity?: unknown };
        const consumed = [ConsumedCapacity ?? []].flat() as { CapacityUnits?: number }[];
        if (consumed.length === 0) throw new Error(`${commandName} did not say what it took`);
        requests += 1;
        units += consumed.reduce((sum, it) => sum + (it.CapacityUnits ?? 0), 0);
        return result;
      },
    { step: 'initialize' },
  );
  return async (text: string, options: WhoOptions, time?: string) => {
    [requests, rounds, units] = [0, 0, 0];
    const answer = await who(parseReference(text), time ? at(time) : undefined, lookupPorts(tables), options);
    expect(answer.found).toBe('one');
    return { requests, rounds, units };
  };
}

describe.each([2, 200])('of a tag with %i events', (events) => {
  test('naming the commit takes three requests and one and a half read units, two requests by the whole address', async () => {
    const cost = await measured(events);
    const brief = { requests: 3, rounds: 3, units: 1.5 };
    expect(await cost('demo-api:latest', { isBrief: true })).toEqual(brief);
    expect(await cost('demo-api:latest', { isBrief: true }, '11:00')).toEqual(brief);
    const address = `${HOST}/demo-api:latest`;
    expect(await cost(address, { isBrief: true })).toEqual({ ...brief, requests: 2, rounds: 2 });
    // Until when it was so is one request more. Finding nothing is free here, and half a unit on AWS.
    expect(await cost('demo-api:latest', { isPlain: true }, '11:00')).toEqual({
      ...{ requests: 4, rounds: 3, units: 2 },
    });
  });

  test('the whole answer waits no more often: the image before, the scan and what runs are read beside it', async () => {
    const cost = await measured(events);
    // A scan that found much is more.
    const whole = { requests: 6, rounds: 3, units: 4 };
    expect(await cost('demo-api:latest', {})).toEqual(whole);
    const address = `${HOST}/demo-api:latest`;
    expect(await cost(address, {})).toEqual({ requests: 5, rounds: 2, units: 4 });
    expect(await cost('demo-api:latest', {}, '11:00')).toEqual({ ...whole, requests: 7 });
  });
});
