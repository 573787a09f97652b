import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { basicFindings } from './findings.ts';
import { type Event, flowForFile } from './stack.ts';

const flow = flowForFile();
const answer = basicAnswer([...basicFindings('CRITICAL', 2), ...basicFindings('LOW', 3)]);

/** How much each sink has, and all that both tables hold. */
async function stateOf(repository: string) {
  const { slack, sns, events, gauges, deadLetters } = flow().got(repository);
  return {
    told: [slack.length, sns.length, events.length, gauges.length],
    deadLetters,
    ledger: await flow().items('ledger', repository),
    lineage: await flow().items('lineage', repository),
  };
}

describe('H: events that come again', () => {
  test.concurrent.each([1, 5])('H: the same events again, %i times more: nothing changes', async (times) => {
    const repository = `h/again-${times}`;
    const { digest, events } = flow().push(repository, { tags: ['latest', 'main'] });
    const scanned = flow().scan(repository, digest, answer);
    await flow().settled(repository);
    const before = await stateOf(repository);
    expect(before.told).toEqual([1, 1, 1, 2]);
    expect(before.ledger.length).toBeGreaterThan(5);

    for (let time = 0; time < times; time += 1) {
      for (const event of [...events, scanned]) flow().stack.bus.put(event);
      await flow().settled(repository);
    }
    expect(await stateOf(repository)).toEqual(before);
    expect(flow().got(repository).decisions.slice(1)).toEqual(
      Array.from({ length: times }, () => 'silence: already-answered'),
    );
  });

  test.concurrent('H: five times in one batch, at the first time already', async () => {
    const { digest } = flow().push('h/batch');
    const event = flow().scan('h/batch', digest, answer);
    flow().stack.bus.put(event, { times: 4 });
    await flow().settled('h/batch');
    expect((await stateOf('h/batch')).told).toEqual([1, 1, 1, 1]);
    const deliveries = (await flow().items('ledger', 'h/batch')).filter(({ sk }) =>
      `${sk}`.startsWith('DLV#'),
    );
    expect(deliveries.map(({ state, attempts }) => [state, attempts])).toEqual(
      Array.from({ length: 4 }, () => ['SENT', 1]),
    );
  });

  test.concurrent('H: two different events about one scan in one batch', async () => {
    const { digest } = flow().push('h/two-events');
    const event = flow().scan('h/two-events', digest, answer) as Event;
    flow().stack.bus.put({ ...event, id: randomUUID() });
    await flow().settled('h/two-events');
    expect((await stateOf('h/two-events')).told).toEqual([1, 1, 1, 1]);
  });

  test.concurrent('H: another event about the same scan, replayed a day later', async () => {
    const { digest } = flow().push('h/replay');
    const event = flow().scan('h/replay', digest, answer) as Event;
    await flow().settled('h/replay');
    const before = await stateOf('h/replay');
    const later = { ...event, id: randomUUID(), time: '2026-11-22T02:00:00Z', 'replay-name': 'sunday' };
    flow().stack.bus.put(later);
    await flow().settled('h/replay');
    expect(await stateOf('h/replay')).toEqual(before);
  });

  test.concurrent('H: the same deliveries again in the queues of the sinks', async () => {
    const bodies: [queue: string, body: string][] = [];
    const stops = ['DatadogQueue', 'SlackQueue', 'SnsQueue'].map((name) => {
      const queue = flow().stack.queues.get(name);
      return queue?.onChange(() => {
        for (const { body } of queue.messages())
          if (body.includes('"h/deliveries"')) bodies.push([name, body]);
      });
    });
    const { digest } = flow().push('h/deliveries');
    flow().scan('h/deliveries', digest, answer);
    await flow().settled('h/deliveries');
    for (const stop of stops) stop?.();
    const before = await stateOf('h/deliveries');
    const sent = new Map(bodies.map((each) => [each.join(), each]));
    expect(sent.size).toBe(4);
    for (const [name, body] of sent.values()) flow().stack.queues.get(name)?.send({ body });
    await flow().settled('h/deliveries');
    expect(await stateOf('h/deliveries')).toEqual(before);
  });
});
