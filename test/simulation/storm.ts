import type { Callee } from './calls.ts';
import { pushEvent, scanEvent } from './events.ts';
import { type Faults, NO_FAULTS, type Simulation, simulation } from './nothing-lost.ts';
import { judge } from './verdict.ts';
import { anImage, type WorldImage, worldOf } from './world.ts';

const MINUTE_MS = 60_000;
/** All images are there, and the walk of the half hour is on its way. */
const STORM_MS = 32 * MINUTE_MS;
/** The registry answers as slowly as a busy one. */
const FAULTS: Faults = { ...NO_FAULTS, registryMs: [30, 150] };

/** What a storm of scans was to those who hear of it, and to AWS. */
export interface Storm {
  readonly scans: number;
  readonly images: number;
  /** From the first scan until the last post arrived. */
  readonly drainedMinutes: number;
  readonly slackMessages: number;
  readonly namedInSlack: number;
  /** Images with critical findings that no message in Slack named. */
  readonly unnamed: number;
  readonly lost: number;
  /** In the worst second while it was drained, the reconciler's with them. */
  readonly registryCallsPerSecond: number;
  /** The same of ECR, DynamoDB, SQS and SNS together. */
  readonly callsPerSecond: number;
}

/** So many scans that end within a minute, of images that were pushed within half an hour before. */
export async function runStorm(
  seed: number,
  scans: number,
  { hasIndexes }: { readonly hasIndexes: boolean },
): Promise<Storm> {
  const it = simulation(seed, {
    scans,
    seconds: 60,
    faults: FAULTS,
    makeWorld: (luck, startMs) =>
      worldOf(scans, (number) => {
        const pushedMs = startMs + luck.between(0, 30 * MINUTE_MS);
        const image = anImage(number, pushedMs, luck, hasIndexes ? undefined : 'image');
        return scannedOnce(image, startMs + STORM_MS + luck.between(0, MINUTE_MS));
      }),
  });
  const { backend, clock, world } = it;
  const endMs = it.startMs + STORM_MS + 15 * MINUTE_MS;
  planAtOnce(it);
  backend.reconciler.start(() => clock.nowMs() > endMs);
  await clock.run();
  const posts = [...it.outside.posts.values()].flat();
  const last = posts.reduce((latest, { atMs }) => Math.max(latest, atMs), 0);
  const calls = (...callees: readonly Callee[]) =>
    backend.calls.mostPerSecond(callees, it.startMs + STORM_MS, last);
  const named = new Set(
    posts.flatMap(({ sink, delivery }) =>
      sink === 'slack' && delivery.kind === 'notice' ? delivery.subject.image.digest : [],
    ),
  );
  const open = world.images.filter(({ manifests }) =>
    manifests.some(({ scans: [scan] }) => (scan?.criticals.length ?? 0) > 0),
  );
  return {
    scans: world.scanCount,
    images: world.images.length,
    drainedMinutes: (last - it.startMs - STORM_MS) / MINUTE_MS,
    slackMessages: it.outside.taken.slack,
    namedInSlack: named.size,
    unnamed: open.filter(({ image }) => !named.has(image.digest)).length,
    lost: judge(world, it.outside.posts).lost.length,
    registryCallsPerSecond: calls('ecr'),
    callsPerSecond: calls('ecr', 'dynamodb', 'sqs', 'sns'),
  };
}

function scannedOnce(image: WorldImage, completedMs: number): WorldImage {
  const manifests = image.manifests.map(({ digest, scans: [scan] }) => ({
    digest,
    scans: scan ? [{ ...scan, completedMs, readableMs: completedMs }] : [],
  }));
  return { ...image, manifests };
}

/** Nothing is late: all of it comes when it hurts. */
function planAtOnce({ backend: { queues }, clock, world }: Simulation): void {
  for (const image of world.images) {
    clock.at(image.pushedMs, () => queues.pushes.send(pushEvent(image)));
    for (const { digest, scans } of image.manifests)
      for (const { completedMs } of scans)
        clock.at(completedMs, () => queues.scans.send(scanEvent(image, digest, completedMs)));
  }
}
