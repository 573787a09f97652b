import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { formatDelivery } from '../../lib/delivery/wire.ts';
import { FAULTS, type Faults, planEvents, type Simulation, simulation } from './nothing-lost.ts';
import { isFull, record } from './report/row.ts';

const SCANS = Number(process.env.SCANS ?? (isFull ? 5_000 : 200));

/**
 * No crashes: after one, a push may be recorded later than the grace, and its index is told for the first time by
 * the replay. Here everything has been handled before.
 */
const HANDLED: Faults = { ...FAULTS, crash: 0, throttle: 0, neverSent: 0 };

function postCount({ outside }: Simulation): number {
  return [...outside.posts.values()].reduce((sum, posts) => sum + posts.length, 0);
}

/** Everything that both tables hold, as one text of each. */
function tablesOf({ backend: { database } }: Simulation): readonly string[] {
  return ['test-lineage', 'test-ledger'].map((table) =>
    createHash('sha256')
      .update(JSON.stringify(database.items(table), (_, it) => (it instanceof Set ? [...it].sort() : it)))
      .digest('hex'),
  );
}

test('R5: a replay of everything and three redrives post nothing and change nothing', async () => {
  const it = simulation(5, { scans: SCANS, seconds: SCANS / 10, faults: HANDLED });
  const events: [queue: 'pushes' | 'scans', body: string][] = [];
  for (const queue of ['pushes', 'scans'] as const) {
    const { send } = it.backend.queues[queue];
    Object.assign(it.backend.queues[queue], {
      send(body: string) {
        events.push([queue, body]);
        send(body);
      },
    });
  }
  planEvents(it, HANDLED);
  await it.clock.run();
  const handled = [...events];
  const before = { posts: postCount(it), tables: tablesOf(it) };

  for (const [queue, body] of handled) it.backend.queues[queue].send(body);
  await it.clock.run();
  const deliveries = [...it.outside.posts.values()].flatMap(([first]) => first ?? []);
  for (let redrive = 0; redrive < 3; redrive += 1) {
    for (const { sink, delivery } of deliveries) it.backend.queues[sink].send(formatDelivery(delivery));
    await it.clock.run();
  }

  const posts = postCount(it) - before.posts;
  const changed = tablesOf(it).filter((hash, index) => hash !== before.tables[index]).length;
  record({
    id: 'R5',
    size: handled.length,
    promise: 'replays and redrives are free',
    target: '0 posts, 0 changed tables, of 100,000 events',
    measured: {
      'events replayed': handled.length,
      'deliveries sent back, three times': deliveries.length,
      posts,
      'tables changed': changed,
    },
    pass: posts === 0 && changed === 0,
  });
  expect({ posts, changed }).toEqual({ posts: 0, changed: 0 });
  expect(handled.length).toBeGreaterThan(SCANS);
});
