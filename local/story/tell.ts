import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningStack } from '../stack.ts';
import { arrivalsOf, deadLetters } from './arrivals.ts';
import { ask } from './ask.ts';
import { CHAPTERS } from './chapters.ts';
import type { Timeline } from './timeline.ts';

/** ECR's events have a resolution of one second: two pushes of a tag within it could not be told apart. */
const PAUSE_MS = 1_100;

/** Plays the story; throws when something went out that should not, or did not when it should. */
export async function tellStory(stack: RunningStack, timeline: Timeline): Promise<void> {
  const showArrivals = arrivalsOf(stack, timeline);
  const moments: Date[] = [];
  for (const { title, play, messagesSoFar } of CHAPTERS) {
    timeline.title(title);
    play(stack);
    await stack.idle();
    showArrivals();
    expectMessages(stack, messagesSoFar, title);
    moments.push(new Date());
    await sleep(PAUSE_MS);
  }
  timeline.title('3 a.m.: which commit is, and was, behind demo-api:latest?');
  const [, whileBroken = new Date()] = moments;
  for (const args of [
    ['who', 'demo-api:latest'],
    ['who', 'demo-api:latest', '--at', whileBroken.toISOString()],
    ['history', 'demo-api:latest'],
    ['service', 'prod/demo'],
    ['cve', 'CVE-2026-30611', '--from', whileBroken.toISOString()],
    ['who', 'worker:main'],
  ]) {
    timeline.plain(`\n$ scan-response ${args.join(' ')}\n${await ask(stack, args)}`);
  }
  sumUp(stack, timeline);
}

function expectMessages({ slack, sns }: RunningStack, count: number, title: string): void {
  if (slack.messages.length === count && sns.published.length === count) return;
  throw new Error(
    `after "${title}" there should be ${count} messages in all; Slack has ${slack.messages.length}, SNS ${sns.published.length}`,
  );
}

function sumUp(stack: RunningStack, timeline: Timeline): void {
  const { datadog, slack, sns, invocations } = stack;
  const cold = invocations.filter((it) => it.cold).length;
  timeline.title('In all');
  timeline.plain(
    [
      `  ${datadog.series.length} gauge points and ${datadog.events.length} events in Datadog`,
      `  ${slack.messages.length} messages in Slack, ${sns.published.length} through SNS, none of them twice`,
      `  ${deadLetters(stack).length} dead letter, with its reason`,
      `  ${invocations.length} invocations of ${cold} packaged functions, each in a process of its own`,
    ].join('\n'),
  );
}
