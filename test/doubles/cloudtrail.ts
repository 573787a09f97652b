import { randomUUID } from 'node:crypto';
import { type Endpoint, serve } from '../../local/http.ts';
import { jsonProtocol, ServiceFault } from '../../local/json-protocol.ts';

/** An event as CloudTrail writes it, as far as it is read. */
export interface TrailRecord {
  readonly eventID: string;
  readonly eventName: string;
  /** ISO 8601 in UTC, whole seconds. */
  readonly eventTime: string;
}

export interface CloudTrailServer extends Endpoint {
  /** The history; what is added is found at once. */
  readonly records: TrailRecord[];
  /** Calls that were throttled so far. */
  readonly throttled: () => number;
  /** Lets so many calls through, and makes the one after them fail with that code. */
  failAfter(calls: number, code: string): void;
}

/** The history goes back so far, whatever was asked for. */
const HISTORY_MS = 90 * 86_400_000;
const PAGE_SIZE = 50;

interface Lookup {
  readonly LookupAttributes?: readonly { readonly AttributeKey: string; readonly AttributeValue: string }[];
  readonly StartTime: number;
  readonly EndTime: number;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/**
 * Serves LookupEvents: newest first, by the page, 90 days back, one attribute at most, so many calls a second and
 * no more. A token is good for the question that it came from only.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export async function startCloudTrail({ callsPerSecond = 1000 } = {}): Promise<CloudTrailServer> {
  const records: TrailRecord[] = [];
  let planned: { readonly at: number; readonly code: string } | undefined;
  const answeredMs: number[] = [];
  let calls = 0;
  let throttled = 0;

  function lookUp(input: Lookup): object {
    const nowMs = Date.now();
    if (answeredMs.filter((it) => it > nowMs - 1000).length >= callsPerSecond) {
      throttled += 1;
      throw new ServiceFault('ThrottlingException', 'Rate exceeded');
    }
    answeredMs.push(nowMs);
    calls += 1;
    if (planned?.at === calls) throw new ServiceFault(planned.code, 'as planned');
    return pageOf(records, input);
  }

  const endpoint = await serve(jsonProtocol({ LookupEvents: lookUp }));
  return {
    ...endpoint,
    records,
    throttled: () => throttled,
    failAfter(more, code) {
      planned = { at: calls + more + 1, code };
    },
  };
}

function pageOf(records: readonly TrailRecord[], input: Lookup): object {
  const { LookupAttributes = [], StartTime, EndTime, MaxResults = PAGE_SIZE, NextToken } = input;
  const [attribute, ...more] = LookupAttributes;
  if (more.length > 0 || attribute?.AttributeKey !== 'EventName')
    throw new ServiceFault('InvalidLookupAttributesException', 'one attribute, and here it is EventName');
  if (MaxResults > PAGE_SIZE) throw new ServiceFault('InvalidMaxResultsException', 'at most 50');
  if (StartTime > EndTime) throw new ServiceFault('InvalidTimeRangeException', 'it ends before it begins');
  const question = JSON.stringify([attribute.AttributeValue, StartTime, EndTime]);
  const [asked, offset] = NextToken ? JSON.parse(NextToken) : [question, 0];
  if (asked !== question) throw new ServiceFault('InvalidNextTokenException', 'a token of another question');
  const oldestMs = Math.max(StartTime * 1000, Date.now() - HISTORY_MS);
  const found = records
    .filter(({ eventName, eventTime }) => {
      const ms = Date.parse(eventTime);
      return eventName === attribute.AttributeValue && oldestMs <= ms && ms <= EndTime * 1000;
    })
    .sort((a, b) => (a.eventTime < b.eventTime ? 1 : -1));
  const end = offset + MaxResults;
  return {
    Events: found.slice(offset, end).map((record) => ({
      EventId: record.eventID,
      EventName: record.eventName,
      CloudTrailEvent: JSON.stringify(record),
    })),
    ...(end < found.length && { NextToken: JSON.stringify([question, end]) }),
  };
}

/** Where and when something was done in a registry, and by whom. */
export interface Deed {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  readonly at: Date;
  /** The name of a role; its session is named after a person. */
  readonly role?: string;
}

interface Manifest {
  readonly digest: string;
  readonly text: string;
}

/** What CloudTrail writes when somebody puts an image; without a tag it is a part of an index. */
export function putImage(deed: Deed, { digest, text }: Manifest, tag?: string): TrailRecord {
  const { repository: repositoryName, account: registryId } = deed;
  const imageTag = tag === undefined ? {} : { imageTag: tag };
  return aRecord(deed, 'PutImage', {
    requestParameters: { repositoryName, registryId, imageManifest: text, ...imageTag },
    responseElements: {
      image: {
        repositoryName,
        registryId,
        imageManifest: text,
        imageId: { imageDigest: digest, ...imageTag },
      },
    },
  });
}

/** What CloudTrail writes when somebody takes a tag away. */
export function batchDeleteImage(deed: Deed, imageDigest: string, imageTag: string): TrailRecord {
  const { repository: repositoryName, account: registryId } = deed;
  return aRecord(deed, 'BatchDeleteImage', {
    requestParameters: { repositoryName, registryId, imageIds: [{ imageTag }] },
    responseElements: { imageIds: [{ imageDigest, imageTag }], failures: [] },
  });
}

function aRecord({ account, region, at, role = 'ci' }: Deed, eventName: string, more: object): TrailRecord {
  const arn = `arn:aws:sts::${account}:assumed-role/${role}/mary.major@example.com`;
  return {
    ...{ eventVersion: '1.11', eventID: randomUUID(), eventName },
    eventTime: `${at.toISOString().slice(0, 19)}Z`,
    eventSource: 'ecr.amazonaws.com',
    awsRegion: region,
    recipientAccountId: account,
    userIdentity: { type: 'AssumedRole', arn, accountId: account },
    ...more,
  } as TrailRecord;
}
