import { setTimeout as sleep } from 'node:timers/promises';
import { PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Mailbox, openMailbox } from '../mailbox.ts';
import type { Gap, Scene } from './gap.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:';

async function putEvent({ events }: Scene, entry: object): Promise<string> {
  const event = { DetailType: 'x', Detail: '{}', Source: 'ours', ...entry };
  const { Entries = [] } = await events.send(new PutEventsCommand({ Entries: [event] }));
  return Entries[0]?.ErrorCode ?? 'taken';
}

/** A rule for a source with a new queue as its target, unless `target` says otherwise; the mailbox of the queue. */
export async function ruleOf(
  { sqs, events }: Scene,
  source: string,
  { target = {}, policy = {} }: { readonly target?: object; readonly policy?: object } = {},
): Promise<Mailbox> {
  const QueueName = `from-${source.replace('.', '-')}`;
  const Attributes = { Policy: JSON.stringify(policy) };
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  const EventPattern = JSON.stringify({ source: [source] });
  await events.send(new PutRuleCommand({ Name: source, EventPattern }));
  const Targets = [{ Id: 'a', Arn: QUEUE + QueueName, ...target }];
  await events.send(new PutTargetsCommand({ Rule: source, Targets }));
  return openMailbox(sqs, QueueUrl);
}

/** The events that have come into a mailbox two seconds later. */
export async function cameInto({ letters, close }: Mailbox): Promise<readonly unknown[]> {
  await sleep(2000);
  await close();
  return letters.map(({ body }) => JSON.parse(body));
}

export const EVENT_GAPS: readonly Gap[] = [
  [
    'PutEvents of a source aws.*',
    'taken',
    'NotAuthorizedForSourceException',
    (at) => putEvent(at, { Source: 'aws.ecr' }),
  ],
  ['PutEvents of a broken Detail', 'taken', 'taken', (at) => putEvent(at, { Detail: '{' })],
  [
    'Time of an event',
    'not looked at',
    [expect.objectContaining({ time: expect.not.stringContaining('2020') })],
    async (at) => {
      const mailbox = await ruleOf(at, 'timed');
      await putEvent(at, { Source: 'timed', Time: new Date('2020-01-01T00:00:00Z') });
      return cameInto(mailbox);
    },
  ],
  [
    'retries and dead letters of a target that is not there',
    'none',
    [],
    async (at) => {
      const target = { Arn: `${QUEUE}gone`, DeadLetterConfig: { Arn: `${QUEUE}from-lost` } };
      const mailbox = await ruleOf(at, 'lost', { target });
      await putEvent(at, { Source: 'lost' });
      return cameInto(mailbox);
    },
  ],
  [
    'a queue whose policy lets nobody send',
    'not looked at',
    [expect.objectContaining({ source: 'denied' })],
    async (at) => {
      const deny = { Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' };
      const policy = { Version: '2012-10-17', Statement: [deny] };
      const mailbox = await ruleOf(at, 'denied', { policy });
      await putEvent(at, { Source: 'denied' });
      return cameInto(mailbox);
    },
  ],
];
