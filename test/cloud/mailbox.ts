import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** A message that was in a queue. */
export interface Letter {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Takes all that comes into a queue, until it is closed. */
export interface Mailbox {
  readonly letters: readonly Letter[];
  readonly close: () => Promise<void>;
}

/** Starts to take messages; an error of the queue is thrown by `close`. */
export function openMailbox(sqs: SQSClient, QueueUrl: string): Mailbox {
  const letters: Letter[] = [];
  const closing = new AbortController();
  const take = async (): Promise<void> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        WaitTimeSeconds: 1,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    for (const { Body = '', MessageAttributes = {}, ReceiptHandle } of Messages) {
      const attributes = Object.entries(MessageAttributes).map(([name, it]) => [name, it.StringValue ?? '']);
      letters.push({ body: Body, attributes: Object.fromEntries(attributes) });
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  };
  const taking = (async () => {
    while (!closing.signal.aborted) await take();
  })().catch((error: Error) => {
    // `serverless remove` takes the queue away.
    if (error.name !== 'QueueDoesNotExist') throw error;
  });
  // Whoever closes hears of it.
  taking.catch(() => undefined);
  return {
    letters,
    async close() {
      closing.abort();
      await taking;
    },
  };
}
