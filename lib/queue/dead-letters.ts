import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { together } from '../together.ts';
import { toDeadLetter } from './dead-letter.ts';
import type { DeadLetters, Move } from './redrive.ts';

/** Seconds in which what was read is hidden, should it not be given back. */
const HIDDEN_SECONDS = 30;

/**
 * Reads at most so many dead letters of a queue by its name, and gives them back: they count as never read. Throws
 * the SDK's error.
 */
export async function readDeadLetters(sqs: SQSClient, name: string, most: number): Promise<DeadLetters> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  const { Attributes: { ApproximateNumberOfMessages = '0', QueueArn = '' } = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages', 'QueueArn'] }),
  );
  const messages: Message[] = [];
  try {
    while (messages.length < most) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: Math.min(10, most - messages.length),
          VisibilityTimeout: HIDDEN_SECONDS,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      );
      if (Messages.length === 0) break;
      messages.push(...Messages);
    }
  } finally {
    await together(messages.map(({ ReceiptHandle }) => giveBack(sqs, QueueUrl, ReceiptHandle)));
  }
  const waiting = Math.max(Number(ApproximateNumberOfMessages), messages.length);
  return { arn: QueueArn, waiting, letters: messages.map(toDeadLetter) };
}

/** Hands everything in one queue over to another, both by ARN; SQS goes on by itself. Throws the SDK's error. */
export async function startMove(sqs: SQSClient, fromArn: string, toArn: string): Promise<void> {
  // Without the destination only what SQS itself put there would move, and not what our functions and the rules did.
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: fromArn, DestinationArn: toArn }));
}

/** How the newest move out of a queue stands. */
export async function readMove(sqs: SQSClient, fromArn: string): Promise<Move> {
  const { Results: [task] = [] } = await sqs.send(
    new ListMessageMoveTasksCommand({ SourceArn: fromArn, MaxResults: 1 }),
  );
  return {
    state: task?.Status ?? 'UNKNOWN',
    moved: Number(task?.ApproximateNumberOfMessagesMoved ?? 0),
    ...(task?.FailureReason && { why: task.FailureReason }),
  };
}

async function giveBack(sqs: SQSClient, QueueUrl?: string, ReceiptHandle?: string): Promise<void> {
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
}
