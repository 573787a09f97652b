import { type Endpoint, serve } from '../http.ts';
import { jsonProtocol, type Operation, ServiceFault } from '../json-protocol.ts';
import type { MessageAttribute, Outgoing, ReceivedMessage } from './message.ts';
import { moveTasks } from './move-tasks.ts';
import type { Queue } from './queue.ts';
import { systemAttributes } from './system-attributes.ts';
import { untilVisible } from './until-visible.ts';

interface Entry {
  readonly MessageBody: string;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
  readonly DelaySeconds?: number;
}

/**
 * Serves queues as SQS does; a queue's URL is `<endpoint>/<account>/<name>`.
 * `queues` is looked at on every request: queues that are added later are served too. A message is put off for
 * `longestPauseSeconds` at most.
 * MD5OfMessageAttributes is left out: the JavaScript SDK checks bodies only.
 */
export async function startSqs(
  queues: ReadonlyMap<string, Queue>,
  { longestPauseSeconds = Number.POSITIVE_INFINITY }: { readonly longestPauseSeconds?: number } = {},
): Promise<Endpoint> {
  const answer = jsonProtocol({
    ...operations(queues, () => endpoint.url),
    ...moveTasks(queues),
    ChangeMessageVisibility: ({ QueueUrl, ReceiptHandle, VisibilityTimeout }) =>
      at(queues, QueueUrl).changeVisibility(ReceiptHandle, Math.min(VisibilityTimeout, longestPauseSeconds)),
  });
  const endpoint = await serve(answer);
  return endpoint;
}

function operations(
  queues: ReadonlyMap<string, Queue>,
  endpointUrl: () => string,
): Readonly<Record<string, Operation>> {
  return {
    GetQueueUrl: ({ QueueName }) => {
      const [, , , , account, name] = named(queues, QueueName).settings.arn.split(':');
      return { QueueUrl: `${endpointUrl()}/${account}/${name}` };
    },
    GetQueueAttributes: ({ QueueUrl, AttributeNames }) => ({
      Attributes: pick(queueAttributes(at(queues, QueueUrl)), AttributeNames),
    }),
    SendMessage: ({ QueueUrl, ...entry }) => sent(at(queues, QueueUrl), entry as Entry),
    SendMessageBatch: ({ QueueUrl, Entries }) => sendBatch(at(queues, QueueUrl), Entries),
    ReceiveMessage: async ({ QueueUrl, MaxNumberOfMessages = 1, WaitTimeSeconds = 0, ...wanted }) => {
      const queue = at(queues, QueueUrl);
      await untilVisible(queue, AbortSignal.timeout(WaitTimeSeconds * 1000));
      const messages = queue.receive(MaxNumberOfMessages, wanted.VisibilityTimeout);
      const names = wanted.MessageSystemAttributeNames ?? wanted.AttributeNames;
      return { Messages: messages.map((message) => onTheWire(message, names, wanted.MessageAttributeNames)) };
    },
    DeleteMessage: ({ QueueUrl, ReceiptHandle }) => at(queues, QueueUrl).delete(ReceiptHandle),
  };
}

function at(queues: ReadonlyMap<string, Queue>, queueUrl: string): Queue {
  return named(queues, new URL(queueUrl).pathname.split('/').at(-1) ?? '');
}

function named(queues: ReadonlyMap<string, Queue>, name: string): Queue {
  const queue = [...queues.values()].find(({ settings }) => settings.name === name);
  if (!queue) throw new ServiceFault('QueueDoesNotExist', `The specified queue does not exist: ${name}`);
  return queue;
}

function sent(queue: Queue, entry: Entry): { MessageId: string; MD5OfMessageBody: string } {
  const outgoing: Outgoing = {
    body: entry.MessageBody,
    attributes: entry.MessageAttributes ?? {},
    delaySeconds: entry.DelaySeconds ?? 0,
  };
  const { messageId, md5OfBody } = queue.send(outgoing);
  return { MessageId: messageId, MD5OfMessageBody: md5OfBody };
}

function sendBatch(queue: Queue, entries: readonly (Entry & { Id: string })[]): unknown {
  const Successful: unknown[] = [];
  const Failed: unknown[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...sent(queue, entry) });
    } catch (error) {
      if (!(error instanceof ServiceFault)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}

function onTheWire(message: ReceivedMessage, systemNames?: string[], names?: string[]): unknown {
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: message.md5OfBody,
    Attributes: pick(systemAttributes(message), systemNames),
    MessageAttributes: pick(message.attributes, names),
  };
}

function queueAttributes(queue: Queue): Record<string, string> {
  const { visible, inFlight, delayed } = queue.counts();
  return {
    QueueArn: queue.settings.arn,
    VisibilityTimeout: String(queue.settings.visibilityTimeoutSeconds),
    MessageRetentionPeriod: String(queue.settings.retentionSeconds),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
}

function pick<T>(attributes: Readonly<Record<string, T>>, names: readonly string[] = []): Record<string, T> {
  const wanted = (name: string) => names.includes('All') || names.includes(name);
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted(name)));
}
