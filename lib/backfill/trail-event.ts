import * as v from 'valibot';
import { actorOf, UserIdentity } from '../image/actor.ts';
import { type Digest, parseDigest } from '../image/digest.ts';
import { kindOf } from '../image/manifest.ts';
import { parseRepositoryName, parseTag, type Repository, type Tag } from '../image/reference.ts';
import { isReferrerTag } from '../image/tag-form.ts';
import type { Untrusted } from '../image/untrusted.ts';
import { type Instant, parseInstant } from '../instant.ts';

/** What CloudTrail's history says happened to one tag. */
export interface TrailEvent {
  readonly op: 'push' | 'delete';
  readonly eventId: string;
  readonly at: Instant;
  readonly repository: Repository;
  readonly tag: Tag;
  readonly digest: Digest;
  readonly actor?: Untrusted;
  readonly mediaType?: string;
  readonly artifactMediaType?: string;
}

/** What is in an event: about tags of images; nothing of them; or something that this reader does not know. */
export type TrailReading = readonly TrailEvent[] | 'unreadable';

/** The calls that move tags; a lifecycle policy's deletions are no calls. */
export const TRAIL_EVENT_NAMES = ['PutImage', 'BatchDeleteImage'] as const;

const ImageId = v.object({ imageDigest: v.optional(v.string()), imageTag: v.optional(v.string()) });

// https://docs.aws.amazon.com/AmazonECR/latest/userguide/logging-using-cloudtrail.html
const Event = v.object({
  eventID: v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,60}$/)),
  eventName: v.picklist(TRAIL_EVENT_NAMES),
  eventTime: v.string(),
  awsRegion: v.pipe(v.string(), v.regex(/^[a-z0-9-]{4,32}$/)),
  recipientAccountId: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  errorCode: v.optional(v.string()),
  userIdentity: v.optional(UserIdentity),
  requestParameters: v.object({
    repositoryName: v.string(),
    registryId: v.optional(v.string()),
    imageManifest: v.optional(v.string()),
    imageManifestMediaType: v.optional(v.string()),
  }),
  responseElements: v.object({
    image: v.optional(v.object({ imageId: ImageId })),
    imageIds: v.optional(v.array(ImageId)),
  }),
});
type Event = v.InferOutput<typeof Event>;

const Failed = v.object({ errorCode: v.string() });
const Manifest = v.object({
  mediaType: v.optional(v.string()),
  artifactType: v.optional(v.string()),
  config: v.optional(v.object({ mediaType: v.optional(v.string()) })),
});

/** Reads the JSON text of one event of CloudTrail. Never throws: people cannot mend what AWS wrote. */
export function readTrailEvent(text: string): TrailReading {
  try {
    const json: unknown = JSON.parse(text);
    return v.is(Failed, json) ? [] : tagEventsIn(v.parse(Event, json));
  } catch {
    return 'unreadable';
  }
}

function tagEventsIn(event: Event): TrailReading {
  const { eventName, requestParameters, responseElements, recipientAccountId } = event;
  const account = requestParameters.registryId ?? recipientAccountId;
  // A push across accounts is in the history of both, and the other one's registry is not ours to tell about.
  if (account !== recipientAccountId) return [];
  const name = parseRepositoryName(requestParameters.repositoryName);
  const known = {
    at: parseInstant(event.eventTime),
    repository: { account, region: event.awsRegion, name },
    ...actor(event),
  };
  if (eventName === 'BatchDeleteImage')
    return (responseElements.imageIds ?? []).flatMap(({ imageTag, imageDigest }, nth) =>
      imageTag && imageDigest
        ? { ...known, ...named(imageTag, imageDigest), op: 'delete', eventId: `${event.eventID}-${nth}` }
        : [],
    );
  const { imageTag, imageDigest = '' } = responseElements.image?.imageId ?? {};
  if (!imageTag) return []; // a part of an index
  const put = { ...known, ...named(imageTag, imageDigest), ...mediaTypes(requestParameters) };
  return isImage(put) ? [{ ...put, op: 'push', eventId: event.eventID }] : [];
}

function named(tag: string, digest: string): { readonly tag: Tag; readonly digest: Digest } {
  return { tag: parseTag(tag), digest: parseDigest(digest) };
}

function actor({ userIdentity }: Event): Pick<TrailEvent, 'actor'> {
  const name = actorOf(userIdentity);
  return name === undefined ? {} : { actor: name };
}

/** Of a manifest that was too long for the trail only what was said beside it is known. */
function mediaTypes({
  imageManifest = '',
  imageManifestMediaType,
}: Event['requestParameters']): Pick<TrailEvent, 'mediaType' | 'artifactMediaType'> {
  const manifest = v.safeParse(Manifest, parsed(imageManifest));
  const {
    mediaType = imageManifestMediaType,
    artifactType,
    config,
  } = manifest.success ? manifest.output : {};
  const artifactMediaType = artifactType ?? config?.mediaType;
  return { ...(mediaType && { mediaType }), ...(artifactMediaType && { artifactMediaType }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isImage({
  tag,
  mediaType,
  artifactMediaType,
}: Pick<TrailEvent, 'tag' | 'mediaType' | 'artifactMediaType'>): boolean {
  const kind = kindOf(mediaType, artifactMediaType);
  return (kind === 'image' || kind === 'index') && !isReferrerTag(tag);
}
