import type { ScanAnswer } from '../../local/ecr/scan-answer.ts';
import { sqsEvent } from '../../local/lambda/sqs-event.ts';
import type { Origins } from './origins.ts';
import type { OnAlertPath } from './programs.ts';

export interface AlertOptions {
  /** How many images are pushed and scanned. */
  readonly images: number;
  /** Absent: they are only pushed. */
  readonly scan?: ScanAnswer;
  /** How many messages a batch has; default 1. */
  readonly together?: number | ((name: OnAlertPath) => number);
  /** Where to push; default: a repository for each image that nobody had so far. */
  readonly repositories?: readonly string[];
  /** Each with its nth image; default: `latest`. */
  readonly tagsOf?: (nth: number) => readonly string[];
  /** Who has something to say of it; default: all. */
  readonly sinks?: readonly OnAlertPath[];
}

/** Runs a function on its batches; they are its own work, and done when this resolves. */
export type Run = (name: OnAlertPath, events: readonly object[]) => Promise<void>;

const SINKS = ['deliver-datadog', 'deliver-slack', 'deliver-sns'] as const;

const QUEUES: Readonly<Record<OnAlertPath, string>> = {
  'image-pushed': 'PushesQueue',
  'scan-completed': 'ScansQueue',
  'deliver-datadog': 'DatadogQueue',
  'deliver-slack': 'SlackQueue',
  'deliver-sns': 'SnsQueue',
};

let repositories = 0;

/** A repository that nobody had so far. */
export function newRepository(): string {
  repositories += 1;
  return `bench/service-${repositories}`;
}

/**
 * Pushes images, scans them, and has each function work on what the one before it left in its queue.
 * Resolves to where they were pushed.
 */
export async function playAlerts(
  origins: Origins,
  { images, scan, together = 1, repositories, tagsOf = () => ['latest'], sinks = SINKS }: AlertOptions,
  run: Run,
): Promise<readonly string[]> {
  const { registry, bus } = origins;
  const pushed = Array.from({ length: images }, (_, nth) => {
    const repository = repositories?.[nth] ?? newRepository();
    const { digest, events } = registry.push(repository, { tags: tagsOf(nth) });
    for (const event of events) bus.put(event);
    return { repository, digest };
  });
  await work(origins, 'image-pushed', together, run);
  if (scan) {
    for (const { repository, digest } of pushed) bus.put(registry.scan(repository, digest, scan));
    for (const name of ['scan-completed', ...sinks] as const) await work(origins, name, together, run);
  }
  return pushed.map(({ repository }) => repository);
}

/** Events of scans as EventBridge has them, of images that were pushed so far; for whom no queue is in between. */
export function scanEvents(
  { registry }: Origins,
  { images, scan }: Required<Pick<AlertOptions, 'images' | 'scan'>>,
): readonly object[] {
  return Array.from({ length: images }, () => {
    const repository = newRepository();
    const { digest } = registry.push(repository, { tags: ['latest'] });
    return registry.scan(repository, digest, scan);
  });
}

async function work(
  { queues }: Origins,
  name: OnAlertPath,
  together: NonNullable<AlertOptions['together']>,
  run: Run,
): Promise<void> {
  const size = typeof together === 'number' ? together : together(name);
  const queue = queues.get(QUEUES[name]);
  const messages = queue?.receive(Number.POSITIVE_INFINITY) ?? [];
  if (!queue || messages.length === 0) throw new Error(`nothing is in ${QUEUES[name]} for ${name}`);
  const batches = Array.from({ length: Math.ceil(messages.length / size) }, (_, n) =>
    sqsEvent(messages.slice(n * size, (n + 1) * size), queue.settings.arn),
  );
  await run(name, batches);
  for (const { receiptHandle } of messages) queue.delete(receiptHandle);
}
