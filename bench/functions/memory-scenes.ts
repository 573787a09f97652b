import { randomBytes } from 'node:crypto';
import { createTask } from '../../local/ecs/events.ts';
import { sqsEvent } from '../../local/lambda/sqs-event.ts';
import { newRepository, playAlerts, type Run } from './alert.ts';
import { usualScan } from './findings.ts';
import type { Scene } from './memory-time.ts';
import { ACCOUNT, type Origins, REGION } from './origins.ts';
import type { OnAlertPath } from './programs.ts';

/** A function's part of a scene. */
export type Play = (scene: Scene, name: string, events: readonly object[]) => Promise<void>;

const twoTags = () => ['latest', randomBytes(20).toString('hex')];

/** Repositories in use, and what happens to them again and again. */
export async function startScenes(origins: Origins, count: number, setUp: Run) {
  const repositories = Array.from({ length: count }, newRepository);
  let critical = 2;
  await playAlerts(origins, { images: count, scan: usualScan(critical), repositories }, setUp);

  /** An image in each repository, pushed and scanned. */
  async function alert(scene: Scene, sinks: readonly OnAlertPath[], play: Play): Promise<void> {
    const scan = usualScan(critical);
    await playAlerts(origins, { images: count, scan, repositories, tagsOf: twoTags, sinks }, (name, events) =>
      play(name === 'image-pushed' ? 'two tags' : scene, name, events),
    );
  }

  return {
    push: (play: Play) =>
      playAlerts(origins, { images: count, repositories }, (name, events) => play('one tag', name, events)),
    /** What a window on the queue of pushes would bring together. */
    pushTogether: (play: Play) =>
      playAlerts(origins, { images: count, repositories, tagsOf: twoTags, together: 2 }, (name, events) =>
        play('two tags, one batch', name, events),
      ),
    quiet: (play: Play) => alert('nothing new', ['deliver-datadog'], play),
    speaking(play: Play) {
      critical += 1;
      return alert('something new', ['deliver-datadog', 'deliver-slack', 'deliver-sns'], play);
    },
    deploy: (play: Play) => play('a task', 'image-deployed', taskBatches(origins, repositories, 1)),
    async scheduled(play: Play) {
      for (const name of ['heartbeat', 'reconcile'])
        await play(
          'a run',
          name,
          Array.from({ length: 3 }, () => ({ source: 'aws.events' })),
        );
    },
  };
}

/** A task in each repository starts and stops; `together` messages are a batch. */
export function taskBatches(
  { queues, bus, registry }: Origins,
  repositories: readonly string[],
  together: number,
): readonly object[] {
  const place = { account: ACCOUNT, region: REGION, cluster: 'bench' };
  const { digest } = registry.push(repositories[0] ?? '', { tags: ['deployed'] });
  for (const repository of repositories) {
    const image = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${repository}:latest`;
    const [service = ''] = repository.split('/').slice(-1);
    const containers = [{ name: 'app', image, digest }];
    const task = createTask(place, { service, family: service, deployment: 'ecs-svc/1', containers });
    for (const event of [task.running(new Date()), task.stopped(new Date())]) bus.put(event);
  }
  const queue = queues.get('DeploymentsQueue');
  const messages = queue?.receive(Number.POSITIVE_INFINITY) ?? [];
  for (const { receiptHandle } of messages) queue?.delete(receiptHandle);
  return Array.from({ length: Math.ceil(messages.length / together) }, (_, n) =>
    sqsEvent(messages.slice(n * together, (n + 1) * together), String(queue?.settings.arn)),
  );
}
