import { type Digest, shortDigest } from '../image/digest.ts';
import { archivedSince } from '../image/mark.ts';
import type { Provenance } from '../image/provenance.ts';
import { commitOf, type ImageRecord } from '../image/record.ts';
import type { Reference, Repository, Tag } from '../image/reference.ts';
import type { Verification } from '../image/verification.ts';
import { type Instant, toInstant } from '../instant.ts';
import type { ScanFact } from '../scan/scan.ts';
import { type Ambiguous, type NotFound, notFound } from './missing.ts';
import type { LookupPorts } from './ports.ts';
import { findRepository } from './repository.ts';
import { findStay, PAST, type Tied } from './stay.ts';

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
  /** What else the tag may point to: it happened in the same second. */
  readonly tied?: Tied;
  /** As it is now, whatever time was asked for: whether one can go back to this image. */
  readonly archivedAt?: Instant;
  readonly deletedAt?: Instant;
  readonly image?: Omit<ImageRecord, 'image'>;
  readonly provenance?: Provenance;
  readonly scan?: ScanFact;
  /** When the history was last held against the registry; absent when it never was. */
  readonly verification?: Verification;
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
  const { name, digest, tag } = reference;
  if (digest) {
    const record = await ports.loadImage({ repository, digest });
    if (!record) return notFound(`${name}@${digest} has never been recorded`);
    return describe({ repository, at, digest, ...(tag && { tag }) }, record, ports);
  }
  if (!tag) return notFound(`say which tag of ${name}, as in ${name}:latest`);
  const stay = await findStay({ repository, tag }, at, ports);
  if (!stay) return explainAbsence({ repository, tag, at }, ports);
  if ('deletedAt' in stay) return notFound(`${name}:${tag} was deleted at ${stay.deletedAt}${orElse(stay)}`);
  const { record, ...interval } = stay;
  return describe({ repository, at, tag, ...interval }, record, ports);
}

function orElse({ tied }: { readonly tied?: Tied }): string {
  const pushed = tied?.flatMap((it) => (it === 'deleted' ? [] : shortDigest(it))) ?? [];
  if (pushed.length === 0) return '';
  return `, and pushed to ${pushed.join(', ')} in the same second: which came last is not known`;
}

async function describe(
  known: Pick<WhoAnswer, 'repository' | 'at' | 'digest' | 'tag' | 'since' | 'until' | 'tied'>,
  record: ImageRecord | undefined,
  ports: LookupPorts,
): Promise<WhoAnswer> {
  const { repository, digest } = known;
  const [scan, deletedAt, verification] = await Promise.all([
    ports.loadLatestScan({ repository, digest }),
    record && deletedSince(record, ports),
    ports.loadVerification(repository),
  ]);
  const archivedAt = record && archivedSince(record.marks);
  const provenance = record && commitOf(record);
  return {
    found: 'one',
    ...known,
    ...(record && { image: withoutIdentity(record) }),
    ...(archivedAt && { archivedAt }),
    ...(deletedAt && { deletedAt }),
    ...(provenance && { provenance }),
    ...(scan && { scan }),
    ...(verification && { verification }),
  };
}

/** Since when the image has been gone; undefined when it is there, or came back with one of its tags. */
async function deletedSince(
  { image, tags, marks }: ImageRecord,
  ports: LookupPorts,
): Promise<Instant | undefined> {
  const deletedAt = marks.findLast(({ op }) => op === 'delete')?.at;
  if (!deletedAt) return undefined;
  const { repository, digest } = image;
  const range = { at: toInstant(ports.now()), limit: PAST };
  const pasts = await Promise.all(tags.map((tag) => ports.loadHistory({ repository, tag }, range)));
  const isBack = pasts.flat().some((it) => it.digest === digest && deletedAt < it.at);
  return isBack ? undefined : deletedAt;
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
