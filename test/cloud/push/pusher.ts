import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Emulators } from '../emulators.ts';
import { startBridge } from './bridge.ts';
import { clientsIn } from './clients.ts';
import { copyImage, type ImageMaker, imageMaker } from './images.ts';
import type { ImageActionEvent } from './notification.ts';
import { startRegistry } from './registry.ts';

/** A person with registry clients, and a registry that tells the emulated bus what they push. */
export interface Pusher {
  readonly make: ImageMaker;
  /** Where skopeo finds a tag that was pushed before. */
  readonly pushed: (tag: string) => string;
  /** Pushes under a tag and returns the digest; by then the bus has the events of it. */
  readonly push: (from: string, tag: string) => Promise<string>;
  /** The commit in the label of an image, or of an index's image for linux/amd64, as skopeo reads it. */
  readonly labelledCommit: (digest: string) => Promise<string>;
  /** All events that the bus has been given, oldest first. */
  readonly events: readonly ImageActionEvent[];
  readonly close: () => Promise<void>;
}

const TOLD_WITHIN_MS = 10_000;

/**
 * ministack's ECR gets the images; docker-registry gets them too and tells of them, as ECR does by itself.
 * What is written lies in the emulators' folder and goes with it.
 */
export async function startPusher(
  { client, url, folder }: Emulators,
  repositoryName: string,
): Promise<Pusher> {
  await createRepository(client, repositoryName);
  const workFolder = await mkdtemp(join(folder, 'pusher-'));
  const run = clientsIn(workFolder);
  const bus = new EventBridgeClient(client);
  const events: ImageActionEvent[] = [];
  const bridge = await startBridge(async (pushed) => {
    await putEvents(bus, pushed);
    events.push(...pushed);
  });
  const registry = await startRegistry(bridge.url).catch(async (error: unknown) => {
    await bridge.close();
    throw error;
  });
  const pushed = (tag: string) => `docker://${registry.host}/${repositoryName}:${tag}`;
  return {
    ...{ events, pushed, make: imageMaker(workFolder, run) },
    async push(from, tag) {
      const before = events.length;
      // First the image, then the event.
      const digest = await copyImage(run, from, `docker://${new URL(url).host}/${repositoryName}:${tag}`);
      const told = await copyImage(run, from, pushed(tag));
      if (told !== digest) throw new Error(`ECR has ${digest} and the registry tells of ${told}`);
      await untilTold(() => events.slice(before).some(({ detail }) => detail['image-tag'] === tag), tag);
      return digest;
    },
    async labelledCommit(digest) {
      const from = `docker://${registry.host}/${repositoryName}@${digest}`;
      const amd64 = ['--override-os', 'linux', '--override-arch', 'amd64'];
      const answer = await run('skopeo', [...amd64, 'inspect', '--tls-verify=false', from]);
      return JSON.parse(answer).Labels['org.opencontainers.image.revision'];
    },
    async close() {
      await registry.close();
      await bridge.close();
      bus.destroy();
    },
  };
}

async function createRepository(client: Emulators['client'], repositoryName: string): Promise<void> {
  const ecr = new ECRClient(client);
  await ecr.send(new CreateRepositoryCommand({ repositoryName }));
  ecr.destroy();
}

/** The emulated bus, as AWS's own, keeps whole seconds; it takes its own clock, whatever `Time` says. */
async function putEvents(bus: EventBridgeClient, events: readonly ImageActionEvent[]): Promise<void> {
  const Entries = events.map((event) => ({
    Source: event.source,
    DetailType: event['detail-type'],
    Time: new Date(event.time),
    Detail: JSON.stringify(event.detail),
  }));
  const { FailedEntryCount, ...answer } = await bus.send(new PutEventsCommand({ Entries }));
  if (FailedEntryCount !== 0) throw new Error(`PutEvents: ${JSON.stringify(answer.Entries)}`);
}

async function untilTold(isTold: () => boolean, tag: string): Promise<void> {
  for (const endMs = Date.now() + TOLD_WITHIN_MS; !isTold(); await sleep(20))
    if (Date.now() > endMs) throw new Error(`the registry did not tell of the push of ${tag}`);
}
