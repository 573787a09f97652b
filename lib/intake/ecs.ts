import * as v from 'valibot';
import { InvalidEvent } from '../errors.ts';
import type { Envelope } from './envelope.ts';

// What both kinds of ECS's events are made of. Lengths and characters:
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html

const NAME = /^[A-Za-z0-9_-]{1,255}$/;
const ARN = /^arn:[a-z-]+:ecs:([a-z0-9-]{4,32}):(\d{12}):([a-z-]+)\/(.{1,600})$/;

export const NameField = v.pipe(v.string(), v.regex(NAME, 'not a name of ECS'));

/** `ecs-svc/…`, as a task's `startedBy` and a deployment's id. */
export const DeploymentField = v.pipe(
  v.string(),
  v.regex(/^ecs-svc\/[A-Za-z0-9_-]{1,64}$/, 'not the id of a deployment'),
);

/**
 * The parts after the kind of an ARN of ECS; throws InvalidEvent for another kind, and for another account or region
 * than the event's: an account tells of its own only.
 */
export function partsOf(
  arn: string,
  kind: 'cluster' | 'task' | 'task-definition' | 'service',
  { account, region }: Envelope,
): readonly string[] {
  const [, arnRegion, arnAccount, arnKind, path = ''] = ARN.exec(arn) ?? [];
  if (arnKind !== kind) throw new InvalidEvent(`detail: not the ARN of a ${kind}`);
  if (arnRegion !== region || arnAccount !== account)
    throw new InvalidEvent(`detail: the ${kind} is not in the account and region of the event`);
  return path.split('/');
}

/** Returns a name; throws InvalidEvent. */
export function checkName(text: string | undefined, what: string): string {
  if (text === undefined || !NAME.test(text)) throw new InvalidEvent(`detail: not the name of a ${what}`);
  return text;
}
