import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { PublishCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as config from '../config.ts';
import { documents, queues, registries, topics } from './connect.ts';

// What the first event would do for the first time is done while the function starts: Lambda gives it a whole CPU then, and
// afterwards the share that its memory buys, a seventh of one at 256 MB. `npm run bench` says what that is worth.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html

/** A start takes no longer for it; Lambda ends one that takes ten seconds. */
const MOST_MS = 1_500;

/** What may be rehearsed: it may fail, and nobody hears of it. */
export type Rehearsal = (env: config.Environment) => Promise<unknown>;

/** Waits for all of the rehearsals, where Lambda starts this process and nowhere else: an import has no effect. Never throws. */
export async function prime(rehearsals: readonly Rehearsal[], env = config.environment): Promise<void> {
  if (!config.isStartedByLambda(env)) return;
  const all = Promise.allSettled(rehearsals.map(async (rehearse) => rehearse(env)));
  await Promise.race([all, sleep(MOST_MS, undefined, { ref: false })]);
}

/** With options, even empty ones, a client keeps nothing of a command for the next of its kind (build/trim-aws.mjs). */
const ALONE = {};

/** Of the tables, with the client that has this patience. */
export function tablesBy(patience?: Parameters<typeof documents>[1]): Rehearsal {
  return (env) => {
    const command = new GetCommand({ TableName: '-', Key: { pk: '-' } });
    return rehearse(command, () => documents(env, patience).send(command, ALONE));
  };
}

export const tables = /* @__PURE__ */ tablesBy();

export const queue: Rehearsal = (env) => {
  // Where it is, is in its URL.
  const QueueUrl = config.required(env, 'QUEUE_URL');
  const command = new SendMessageCommand({ QueueUrl, MessageBody: '-' });
  return rehearse(command, () => queues(env).send(command, ALONE));
};

export const registry: Rehearsal = (env) => {
  const command = new DescribeImagesCommand({ repositoryName: '-' });
  return rehearse(command, () => registries(env)('').send(command, ALONE));
};

export const topic: Rehearsal = (env) => {
  const command = new PublishCommand({ TopicArn: '-', Message: '-' });
  return rehearse(command, () => topics(env).send(command, ALONE));
};

interface WireRequest {
  clone(): WireRequest;
}

interface Rehearsed {
  readonly middlewareStack: object;
}

/**
 * Sends a command all the way but for the last step, so that all which serialises, signs and reads is compiled. What goes out,
 * on a connection that the client keeps, is a GET of `/` that nobody signed: it needs no right, and changes and costs nothing.
 */
async function rehearse(command: Rehearsed, send: () => Promise<unknown>): Promise<void> {
  const stack = command.middlewareStack as { add(middleware: unknown, options: object): void };
  stack.add(
    (next: (args: object) => Promise<{ response: unknown }>) => async (args: { request: WireRequest }) => {
      const request = Object.assign(args.request.clone(), {
        ...{ method: 'GET', path: '/', query: {}, headers: {}, body: undefined },
      });
      await next({ ...args, request }).then(drain, () => undefined);
      return { response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from('{}')]) } };
    },
    { step: 'deserialize', priority: 'low', name: 'rehearse', override: true },
  );
  await send();
}

/** A connection is free for the next request when its answer was read. */
async function drain({ response }: { response: unknown }): Promise<void> {
  const { body } = response as { readonly body?: Readable };
  if (body) for await (const _ of body);
}
