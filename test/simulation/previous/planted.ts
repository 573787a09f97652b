import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Surface } from '../backend.ts';

/**
 * Changes of the wire form that only a release which has them can read: each renames a field of what is queued for
 * the sinks. The release works by itself; beside another it must be found out.
 */
export const WIRE_CHANGES: Readonly<Record<string, (surface: Surface) => Surface>> = {
  'the name of a delivery': renaming('"key":', '"identity":'),
  'what a notice is about': renaming('"subject":', '"about":'),
  'the counts of a gauge': renaming('"counts":', '"bySeverity":'),
};

function renaming(known: string, planted: string): (surface: Surface) => Surface {
  return (surface) => ({
    ...surface,
    enqueue: (sqs, queueUrls, delivery) =>
      surface.enqueue(rewriting(sqs, known, planted), queueUrls, delivery),
    answerOrder: ({ body, attempt }, sink, ports) =>
      surface.answerOrder({ body: body.replaceAll(planted, known), attempt }, sink, ports),
  });
}

function rewriting(sqs: SQSClient, known: string, planted: string): SQSClient {
  const send = ({ input }: SendMessageCommand) => {
    const body = input.MessageBody ?? '';
    if (!body.includes('"v":1')) throw new Error('the wire form has another version: plant the change anew');
    return sqs.send(new SendMessageCommand({ ...input, MessageBody: body.replaceAll(known, planted) }));
  };
  return { send } as unknown as SQSClient;
}
