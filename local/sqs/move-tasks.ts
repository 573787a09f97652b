import { randomUUID } from 'node:crypto';
import { type Operation, ServiceFault } from '../json-protocol.ts';
import type { Queue } from './queue.ts';

interface MoveTask {
  readonly TaskHandle: string;
  readonly Status: 'COMPLETED';
  readonly SourceArn: string;
  readonly DestinationArn: string;
  readonly ApproximateNumberOfMessagesMoved: number;
}

/**
 * Moves of dead letters, done at once. What moves is a new message, first received later, as on SQS; without a
 * destination SQS sends messages where they came from, which nobody here knows, so it has to be said.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export function moveTasks(queues: ReadonlyMap<string, Queue>): Readonly<Record<string, Operation>> {
  const tasks: MoveTask[] = [];
  const byArn = (arn: string): Queue => {
    const queue = [...queues.values()].find(({ settings }) => settings.arn === arn);
    if (!queue) throw new ServiceFault('ResourceNotFoundException', `no such queue: ${arn}`);
    return queue;
  };
  return {
    StartMessageMoveTask({ SourceArn, DestinationArn }) {
      const [source, destination] = [byArn(SourceArn), byArn(DestinationArn)];
      const messages = source.receive(source.messages().length);
      for (const { body, attributes, receiptHandle } of messages) {
        destination.send({ body, attributes });
        source.delete(receiptHandle);
      }
      const TaskHandle = randomUUID();
      const ApproximateNumberOfMessagesMoved = messages.length;
      tasks.unshift({
        TaskHandle,
        Status: 'COMPLETED',
        SourceArn,
        DestinationArn,
        ApproximateNumberOfMessagesMoved,
      });
      return { TaskHandle };
    },
    ListMessageMoveTasks: ({ SourceArn, MaxResults = 1 }) => ({
      Results: tasks.filter((it) => it.SourceArn === SourceArn).slice(0, MaxResults),
    }),
  };
}
