import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/image/digest.ts';
import { parseReference } from '../../../lib/image/reference.ts';
import { toInstant } from '../../../lib/instant.ts';
import { type WhoOptions, who } from '../../../lib/lookup/who.ts';
import { saveVerification } from '../../../lib/store/reconciliation.ts';
import { saveTagEvent } from '../../../lib/store/tag-history.ts';
import { aDigest, aRepository, aTagName, at } from '../../build/lineage.ts';
import { openTables } from '../../doubles/dynamodb.ts';
import { lookupPorts, recorder } from '../../doubles/lookup.ts';

const [A, B] = ['a', 'b'].map(aDigest) as [Digest, Digest];
const HOST = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';

/** A tag with this many events, two images, a verification, and what each question took of DynamoDB. */
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
  let [requests, units] = [0, 0];
  tables.lineage.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const input = { ...args.input, ReturnConsumedCapacity: 'TOTAL' };
        const result = await next({ ...args, input });
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
    [requests, units] = [0, 0];
    const answer = await who(parseReference(text), time ? at(time) : undefined, lookupPorts(tables), options);
    expect(answer.found).toBe('one');
    return { requests, units };
  };
}

describe.each([2, 200])('of a tag with %i events', (events) => {
  test('naming the commit takes three requests and two read units, two and one and a half by the whole address', async () => {
    const cost = await measured(events);
    expect(await cost('demo-api:latest', { isBrief: true })).toEqual({ requests: 3, units: 2 });
    expect(await cost(`${HOST}/demo-api:latest`, { isBrief: true })).toEqual({ requests: 2, units: 1.5 });
    // As of a time too: whether it has ended since is not asked.
    expect(await cost('demo-api:latest', { isBrief: true }, '11:00')).toEqual({ requests: 3, units: 2 });
  });

  test('the whole answer also reads the image before, the scan and what runs', async () => {
    const cost = await measured(events);
    // Three of them find nothing: 4.5 units on AWS, and more where the scan found much.
    expect(await cost('demo-api:latest', {})).toEqual({ requests: 7, units: 3 });
  });
});
