import type { Digest } from '../image/digest.ts';
import type { ListedImage } from '../image/listed-image.ts';
import type { Image, Repository, Tag } from '../image/reference.ts';
import type { Window } from '../image/tag-event.ts';
import type { Instant } from '../instant.ts';
import { formatMissedEvent } from '../intake/own-event.ts';
import { NEVER_SCANNED, RECONCILER } from '../intake/own-source.ts';

// Hints have the form of the events that AWS did not send, so that one way leads in. Their ids are made of what they
// say: the same one twice is the same event.

/** A tag that the registry has and the lineage has not, or has elsewhere. */
export function pushHint(tag: Tag, listed: ListedImage, at: Instant, window: Window): string {
  const { image, mediaType, artifactMediaType } = listed;
  return missed('ECR Image Action', image.repository, `push-${nameOf(image.digest)}`, at, {
    'action-type': 'PUSH',
    result: 'SUCCESS',
    'image-digest': image.digest,
    'image-tag': tag,
    ...(mediaType && { 'manifest-media-type': mediaType }),
    ...(artifactMediaType && { 'artifact-media-type': artifactMediaType }),
    ...between(window),
  });
}

/** A tag that the lineage has and the registry has not. */
export function deleteHint(
  repository: Repository,
  tag: Tag,
  digest: Digest,
  at: Instant,
  window: Window,
): string {
  return missed('ECR Image Action', repository, `delete-${nameOf(digest)}`, at, {
    'action-type': 'DELETE',
    result: 'SUCCESS',
    'image-digest': digest,
    'image-tag': tag,
    ...between(window),
  });
}

/** A scan that ended and is not on record, or that never was. */
export function scanHint({ repository, digest }: Image, at: Instant, isOverdue: boolean): string {
  return missed('ECR Image Scan', repository, `scan-${nameOf(digest)}`, at, {
    'scan-status': isOverdue ? NEVER_SCANNED : 'COMPLETE',
    'image-digest': digest,
  });
}

function missed(type: string, repository: Repository, id: string, at: Instant, detail: object): string {
  return formatMissedEvent({
    ...{ id: `reconcile-${id}`, source: RECONCILER, type, at, repository, detail },
  });
}

function between({ notBefore, notAfter }: Window): object {
  return { ...(notBefore && { 'not-before': notBefore }), 'not-after': notAfter };
}

function nameOf(digest: Digest): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 32);
}
