import { describeFile } from '../ecr/describe-file.ts';
import type { RunningStack } from '../stack.ts';
import { toldFrom } from '../told-from.ts';
import { arrivalsOf } from './arrivals.ts';
import type { Timeline } from './timeline.ts';

/** Pushes an image, gives it the scan that the file describes, and shows what comes of it. */
export async function playScan(stack: RunningStack, timeline: Timeline, file: unknown): Promise<void> {
  const answer = describeFile(file);
  const repository = nameOf(file);
  timeline.title(`An image whose scan answers as the file says (${answer.status})`);
  const { digest, events } = stack.registry.push(repository, { tags: ['latest'] });
  for (const event of events) stack.bus.put(event);
  stack.bus.put(stack.registry.scan(repository, digest, answer));
  await stack.idle();
  arrivalsOf(stack, timeline)();
}

/** Puts the event on the bus and shows which rules wanted it and what came of it. */
export async function playEvent(stack: RunningStack, timeline: Timeline, file: unknown): Promise<void> {
  if (typeof file !== 'object' || file === null || !('detail-type' in file)) {
    throw new Error('this is not an EventBridge event: it has no detail-type');
  }
  timeline.title(`An event: ${JSON.stringify(file['detail-type'])}`);
  // Our rules take events of this account only; the file's is somebody else's.
  const { account, region } = stack.registry;
  const matched = stack.bus.put(toldFrom(file, account, region));
  if (matched.length === 0) timeline.say('event bus', 'no rule of the template takes it');
  for (const { rule } of matched) timeline.say('event bus', `rule ${rule}`);
  await stack.idle();
  arrivalsOf(stack, timeline)();
}

/** The file's repository, when it names a valid one. */
function nameOf(file: unknown): string {
  const { repositoryName } = file as { repositoryName?: unknown };
  return typeof repositoryName === 'string' ? repositoryName : 'demo-api';
}
