import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { IMAGE_VERDICT, type ImageVerdict } from '../gate/image-verdict.ts';
import { OURSELVES } from '../intake/own-source.ts';

/**
 * Puts a verdict on an event bus, by name or ARN. Throws the SDK's error, and an error when EventBridge answers, and
 * did not take the entry: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export async function putVerdict(
  client: EventBridgeClient,
  bus: string,
  verdict: ImageVerdict,
): Promise<void> {
  const { FailedEntryCount = 0, Entries = [] } = await client.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: bus,
          Source: OURSELVES,
          DetailType: IMAGE_VERDICT,
          Detail: JSON.stringify(verdict),
        },
      ],
    }),
  );
  if (FailedEntryCount > 0)
    throw new Error(`EventBridge did not take the verdict: ${Entries[0]?.ErrorCode ?? 'no reason given'}`);
}
