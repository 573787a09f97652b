import { raw } from '../image/untrusted.ts';
import { formatMissedEvent } from '../intake/own-event.ts';
import { BACKFILL } from '../intake/own-source.ts';
import type { TrailEvent } from './trail-event.ts';

/** The event that AWS would have sent, with CloudTrail's id: told twice it is the same one. */
export function trailHint(event: TrailEvent): string {
  const { op, eventId, at, repository, tag, digest, actor, mediaType, artifactMediaType } = event;
  return formatMissedEvent({
    ...{ id: eventId, source: BACKFILL, type: 'ECR Image Action', at, repository },
    detail: {
      'action-type': op === 'push' ? 'PUSH' : 'DELETE',
      result: 'SUCCESS',
      'image-digest': digest,
      'image-tag': tag,
      ...(mediaType && { 'manifest-media-type': mediaType }),
      ...(artifactMediaType && { 'artifact-media-type': artifactMediaType }),
      ...(actor && { actor: raw(actor) }),
    },
  });
}
