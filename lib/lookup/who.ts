import type { Digest } from '../image/digest.ts';
import { type Provenance, provenanceOf } from '../image/provenance.ts';
import type { ImageRecord } from '../image/record.ts';
import type { Reference, Repository, Tag } from '../image/reference.ts';
import type { TagEvent } from '../image/tag-event.ts';
import type { Instant } from '../instant.ts';
import type { ScanFact } from '../scan/scan.ts';
import { type Ambiguous, type NotFound, notFound } from './missing.ts';
import type { LookupPorts } from './ports.ts';
import { findRepository } from './repository.ts';

/** Which image a reference meant at one instant, which commit it is, and what is known against it. */
export interface WhoAnswer {
  readonly found: 'one';
  readonly repository: Repository;
  readonly at: Instant;
  readonly digest: Digest;
  readonly tag?: Tag;
  /** When the tag came to this image, and when it left it; without `until` it has not left. */
  readonly since?: Instant;
  readonly until?: Instant;
  readonly image?: Omit<ImageRecord, 'image'>;
  readonly provenance?: Provenance;
  readonly scan?: ScanFact;
}

/** Answers "which commit is, or was, behind this reference?" from the lineage. */
export async function who(
  reference: Reference,
  at: Instant,
  ports: LookupPorts,
): Promise<WhoAnswer | NotFound | Ambiguous> {
  const place = await findRepository(reference, ports);
  if (place.found !== 'one') return place;
  const { repository } = place;
  const { digest, tag } = reference;
  if (digest) return describe({ repository, at, digest, ...(tag && { tag }) }, ports);
  if (!tag) return notFound(`say which tag of ${reference.name}, as in ${reference.name}:latest`);
  const [event] = await ports.loadHistory({ repository, tag }, { at, limit: 1 });
  if (!event) return explainAbsence({ repository, tag, at }, ports);
  if (!event.digest) return notFound(`${reference.name}:${tag} was deleted at ${event.at}`);
  const since = await startOf(event, { repository, tag }, ports);
  const until = await endOf(event, { repository, tag }, at, ports);
  return describe({ repository, at, digest: event.digest, tag, since, ...(until && { until }) }, ports);
}

async function describe(
  known: Omit<WhoAnswer, 'found' | 'image' | 'provenance' | 'scan'>,
  ports: LookupPorts,
): Promise<WhoAnswer | NotFound> {
  const { repository, digest, since } = known;
  const [record, scan] = await Promise.all([
    ports.loadImage({ repository, digest }),
    ports.loadLatestScan({ repository, digest }),
  ]);
  if (!record && !since) return notFound(`${repository.name}@${digest} has never been recorded`);
  const provenance = record && provenanceOf(record.tags);
  return {
    found: 'one',
    ...known,
    ...(record && { image: withoutIdentity(record) }),
    ...(provenance && { provenance }),
    ...(scan && { scan }),
  };
}

/** Pushing a tag again to the image that it has already is an event, and no change. */
async function startOf(
  event: TagEvent,
  name: { readonly repository: Repository; readonly tag: Tag },
  ports: LookupPorts,
): Promise<Instant> {
  const past = await ports.loadHistory(name, { at: event.at, limit: 50 });
  const change = past.findIndex(({ digest }) => digest !== event.digest);
  return (change < 0 ? past.at(-1) : past[change - 1])?.at ?? event.at;
}

/** The first change after an instant; undefined when there is none. */
async function endOf(
  event: TagEvent,
  name: { readonly repository: Repository; readonly tag: Tag },
  at: Instant,
  ports: LookupPorts,
): Promise<Instant | undefined> {
  const next = await ports.loadNextEvent(name, at);
  if (!next || next.digest !== event.digest) return next?.at;
  // Of several events at one instant the last one holds.
  const [last] = await ports.loadHistory(name, { at: next.at, limit: 1 });
  return last?.digest === event.digest ? endOf(event, name, next.at, ports) : next.at;
}

async function explainAbsence(
  { repository, tag, at }: { readonly repository: Repository; readonly tag: Tag; readonly at: Instant },
  ports: LookupPorts,
): Promise<NotFound> {
  const next = await ports.loadNextEvent({ repository, tag }, at);
  return notFound(
    next
      ? `${repository.name}:${tag} is known from ${next.at} on, and not before`
      : `no push of ${repository.name}:${tag} has been recorded`,
  );
}

function withoutIdentity({ image: _, ...rest }: ImageRecord): Omit<ImageRecord, 'image'> {
  return rest;
}
