import { type Digest, parseDigest } from '../../lib/image/digest.ts';
import type { ImageRecord } from '../../lib/image/record.ts';
import { type Image, parseTag, type Repository } from '../../lib/image/reference.ts';
import type { TagEvent, TagName } from '../../lib/image/tag-event.ts';
import { type Instant, parseInstant } from '../../lib/instant.ts';

/** The digest whose 64 characters are this hex digit. */
export function aDigest(hexDigit: string): Digest {
  return parseDigest(`sha256:${hexDigit.repeat(64)}`);
}

/** `03:10` or `03:10:07.250` on 20 November 2026, UTC. */
export function at(time: string): Instant {
  const withSeconds = time.length === 5 ? `${time}:00` : time;
  return parseInstant(`2026-11-20T${withSeconds}Z`);
}

export function aRepository(overrides: Partial<Repository> = {}): Repository {
  return { account: '111122223333', region: 'eu-west-1', name: 'demo-api', ...overrides };
}

export function aTagName(overrides: Partial<TagName> = {}): TagName {
  return { repository: aRepository(), tag: parseTag('latest'), ...overrides };
}

/** A push of `digest`; a delete when it is undefined. */
export function aTagEvent(time: string, digest: Digest | undefined, eventId = `event-${time}`): TagEvent {
  const event = { at: at(time), eventId, recordedAt: at('23:59') };
  return digest ? { ...event, op: 'push', digest } : { ...event, op: 'delete' };
}

export function anImageOf(digest: Digest, repository = aRepository()): Image {
  return { repository, digest };
}

export function aRecord(overrides: Partial<ImageRecord> = {}): ImageRecord {
  return {
    image: anImageOf(aDigest('a')),
    kind: 'image',
    pushedAt: at('02:00'),
    platforms: [],
    attestations: [],
    marks: [],
    tags: [parseTag('latest')],
    evidence: [],
    ...overrides,
  };
}
