import { readFileSync } from 'node:fs';
import { formatDelivery } from '../../../lib/delivery/wire.ts';
import { parseDigest } from '../../../lib/image/digest.ts';
import { aNotice, anImage, aSubject } from '../../build/notice.ts';

/** What a function is called with, over and over. */
export interface Work {
  /** The text of a message, for a function behind a queue; the others run on a schedule. */
  readonly body?: string;
  /** So many requests at least are made in one invocation: with fewer it ends early, and shows nothing. */
  readonly requests: number;
}

/** `ffffffff` becomes a number of its own in each message, so that no two are about the same image or task. */
const NUMBER = 'ffffffff';
const DIGEST = parseDigest(`sha256:${'0'.repeat(56)}${NUMBER}`);
const NOTICE = formatDelivery(aNotice({ subject: aSubject({ image: anImage({ digest: DIGEST }) }) }));

/** By the name of the function: all that are packaged. */
export const WORK: Readonly<Record<string, Work>> = {
  'image-pushed': { body: imageEvent('ecr-image-action.push'), requests: 5 },
  'image-deployed': { body: taskEvent('ecs-task-state-change.running'), requests: 2 },
  'scan-completed': { body: imageEvent('ecr-image-scan.complete'), requests: 15 },
  'deliver-datadog': { body: NOTICE, requests: 3 },
  'deliver-slack': { body: NOTICE, requests: 4 },
  'deliver-sns': { body: NOTICE, requests: 3 },
  reconcile: { requests: 10 },
  heartbeat: { requests: 2 },
};

function imageEvent(name: string): string {
  const event = sample(name);
  event.id = `00000000-0000-4000-8000-0000${NUMBER}`;
  event.detail['image-digest'] = DIGEST;
  return JSON.stringify(event);
}

function taskEvent(name: string): string {
  const { id, ...event } = sample(name);
  const [task = ''] = event.detail.taskArn.split('/').slice(-1);
  const [{ imageDigest }] = event.detail.containers;
  return JSON.stringify({ id, ...event })
    .replaceAll(task, `${'0'.repeat(24)}${NUMBER}`)
    .replaceAll(imageDigest, DIGEST);
}

function sample(name: string) {
  return JSON.parse(readFileSync(`events/${name}.json`, 'utf8'));
}
