import type { Digest } from '../image/digest.ts';
import { deletionBetween } from '../image/mark.ts';
import type { Provenance } from '../image/provenance.ts';
import { commitOf, type ImageRecord } from '../image/record.ts';
import type { Reference, Repository, Tag } from '../image/reference.ts';
import type { Origin, TagEvent, TagEventSource, Window } from '../image/tag-event.ts';
import type { Untrusted } from '../image/untrusted.ts';
import type { Verification } from '../image/verification.ts';
import { type Instant, toInstant } from '../instant.ts';
import { type Ambiguous, type NotFound, notFound } from './missing.ts';
import type { LookupPorts } from './ports.ts';
import { findRepository } from './repository.ts';

/** Everywhere that a tag has pointed, newest first. */
export interface HistoryAnswer {
  readonly found: 'one';
  readonly repository: Repository;
  readonly tag: Tag;
  readonly entries: readonly HistoryEntry[];
  /** When it was last held against the registry; absent when it never was. */
  readonly verification?: Verification;
}

export interface HistoryEntry {
  readonly op: 'push' | 'delete';
  readonly at: Instant;
  readonly digest?: Digest;
  readonly provenance?: Provenance;
  /** Between which times it happened, where no event told. */
  readonly window?: Window;
  /** Who did it, where it was replicated from, and where it was read: of what is known of these. */
  readonly actor?: Untrusted;
  readonly origin?: Origin;
  readonly source?: TagEventSource;
}

/** Answers "what has this tag pointed to?", the newest `limit` events at or before an instant; without one, now. */
export async function history(
  reference: Reference,
  limit: number,
  ports: LookupPorts,
  at: Instant = toInstant(ports.now()),
): Promise<HistoryAnswer | NotFound | Ambiguous> {
  const { name, tag } = reference;
  if (!tag) return notFound(`say which tag of ${name}, as in ${name}:latest`);
  const place = await findRepository(reference, ports);
  if (place.found !== 'one') return place;
  const { repository, isUnread } = place;
  const events = await ports.loadHistory({ repository, tag }, { at, limit });
  if (events.length === 0) return notFound(`no push of ${name}:${tag} has been recorded`);
  const digests = [...new Set(events.flatMap(({ digest }) => digest ?? []))];
  const images = digests.map((digest) => ({ repository, digest }));
  const together = await ports.loadTogether(images, isUnread ? { repository } : {});
  const { records: read, verification = place.verification } = together;
  const records = new Map(digests.map((digest, i) => [digest, read[i]] as const));
  const entries = events.flatMap((event, i) => toEntries(event, events[i - 1], records));
  return {
    ...{ found: 'one', repository, tag },
    // The deletion of an image may be later than the instant; the tag's next event then is as well.
    entries: entries.filter((it) => it.at <= at).slice(0, limit),
    ...(verification && { verification }),
  };
}

/** An event of the tag and, newer than it, the deletion of its image before the tag's next event. */
function toEntries(
  { op, at, digest, eventId: _, recordedAt: __, ...told }: TagEvent,
  next: TagEvent | undefined,
  records: ReadonlyMap<Digest, ImageRecord | undefined>,
): readonly HistoryEntry[] {
  const record = digest && records.get(digest);
  const provenance = record && commitOf(record);
  const deletedAt = record && deletionBetween(record.marks, at, next?.at);
  return [
    ...(deletedAt ? [{ op: 'delete' as const, at: deletedAt }] : []),
    {
      ...{ op, at },
      ...(digest && { digest }),
      ...(provenance && { provenance }),
      ...told,
    },
  ];
}
