import { type CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { Period } from '../instant.ts';

/** The most that CloudTrail gives at once. */
const PAGE_SIZE = 50;

/** Calls a second that CloudTrail takes of one account in one region.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
export const LOOKUPS_PER_SECOND = 2;

/** A part of the event history: events of one name. */
export interface TrailQuery extends Period {
  readonly eventName: string;
}

/** One page of events as JSON texts, newest first, and how to ask for the next. */
export interface TrailPage {
  readonly items: readonly string[];
  readonly nextToken?: string;
}

/** One page of the event history of the caller's account and region. Throws the SDK's error. */
export async function lookUpEvents(
  trail: CloudTrailClient,
  { eventName, from, to }: TrailQuery,
  nextToken?: string,
): Promise<TrailPage> {
  const answer = await trail.send(
    new LookupEventsCommand({
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: eventName }],
      StartTime: new Date(from),
      EndTime: new Date(to),
      MaxResults: PAGE_SIZE,
      NextToken: nextToken,
    }),
  );
  return {
    items: (answer.Events ?? []).flatMap(({ CloudTrailEvent }) => CloudTrailEvent ?? []),
    ...(answer.NextToken && { nextToken: answer.NextToken }),
  };
}
