import { type Digest, shortDigest } from '../image/digest.ts';
import { archivedSince } from '../image/mark.ts';
import type { ImageRecord } from '../image/record.ts';
import type { Image, Reference, Repository, Tag } from '../image/reference.ts';
import type { TagEvent, Window } from '../image/tag-event.ts';
import type { Verification } from '../image/verification.ts';
import { type Instant, toInstant } from '../instant.ts';
import type { ScanFact } from '../scan/scan.ts';
import { instantBack } from './back.ts';
import { type Gap, gapsIn } from './gaps.ts';
import { type Ambiguous, type NotFound, notFound } from './missing.ts';
import type { LookupPorts } from './ports.ts';
import { findRepository } from './repository.ts';
import { type Sourced, sourceOf } from './sourced.ts';
import { digestBefore, loadPast, nextMove, PAST, stayIn, type Tied, tiedIn } from './stay.ts';
import { runningOn, type Use } from './use.ts';

/** Which image a reference meant at one instant, which commit it is, and what is known against it. */
export interface WhoAnswer extends Sourced {
  readonly found: 'one';
  readonly repository: Repository;
  readonly at: Instant;
  readonly digest: Digest;
  readonly tag?: Tag;
  /** When the tag came to this image, and when it left it; without `until` it has not left. */
  readonly since?: Instant;
  readonly until?: Instant;
  /** Present when no event told of `since`: between which times it was. */
  readonly window?: Window;
  /** What else the tag may point to: it happened in the same second. */
  readonly tied?: Tied;
  /** What the tag pointed to before this image. */
  readonly previous?: Sourced & { readonly digest: Digest };
  /** As it is now, whatever time was asked for: whether one can go back to this image. */
  readonly archivedAt?: Instant;
  readonly deletedAt?: Instant;
  readonly image?: Omit<ImageRecord, 'image'>;
  readonly scan?: ScanFact;
  /** What runs the image now, whatever time was asked for; absent when that was not looked up. */
  readonly running?: readonly Use[];
  /** When the history was last held against the registry; absent when it never was. */
  readonly verification?: Verification;
  /** Where a move may be missing that would change the answer; of a tag only. */
  readonly gaps: readonly Gap[];
}

/** How much is read. */
export interface WhoOptions {
  /** So many different images before the one of the instant. */
  readonly back?: number;
  /** Without what is not needed to name the commit: until when, the image before, and the scan. */
  readonly isBrief?: boolean;
}

/**
 * Answers "which commit is, or was, behind this reference?" from the lineage; without an instant, now. Briefly it takes
 * three requests in a row (where the account and region are given: two); the rest is read beside the last of them.
 */
export async function who(
  reference: Reference,
  at: Instant | undefined,
  ports: LookupPorts,
  options: WhoOptions = {},
): Promise<WhoAnswer | NotFound | Ambiguous> {
  const place = await findRepository(reference, ports);
  if (place.found !== 'one') return place;
  const { repository } = place;
  const { name, digest, tag } = reference;
  if (digest) return whoImage({ repository, digest }, { at, tag }, ports, options);
  if (!tag) return { ...notFound(`say which tag of ${name}, as in ${name}:latest`), lacks: 'tag' };
  const { back = 0 } = options;
  if (back === 0) return whoTag({ repository, tag }, at, ports, options);
  const instant = await instantBack({ repository, tag }, { at, back }, ports);
  if (typeof instant !== 'number') return whoTag({ repository, tag }, instant, ports, options);
  return notFound(`of the images before that one of ${name}:${tag}, ${instant} are on record`);
}

interface Subject {
  readonly repository: Repository;
  readonly tag: Tag;
}

async function whoTag(
  { repository, tag }: Subject,
  at: Instant | undefined,
  ports: LookupPorts,
  { isBrief = false }: WhoOptions,
): Promise<WhoAnswer | NotFound> {
  const past = await loadPast({ repository, tag }, at, ports);
  const [event] = past;
  if (!event) return explainAbsence({ repository, tag }, at, ports);
  const { digest } = event;
  if (!digest) return deleted({ repository, tag, at }, { deletedAt: event.at, ...tiedIn(past) }, past);
  const before = isBrief ? undefined : digestBefore(past);
  const images = [digest, ...(before ? [before] : [])].map((it) => ({ repository, digest: it }));
  const [read, moved, more] = await Promise.all([
    ports.loadTogether(images, repository),
    isBrief ? undefined : at && nextMove(digest, { repository, tag }, at, ports),
    isBrief ? {} : loadMore({ repository, digest }, ports),
  ]);
  const [record, previous] = read.records;
  const stay = stayIn([{ ...event, digest }, ...past.slice(1)], { record, at, moved });
  if ('deletedAt' in stay) return deleted({ repository, tag, at }, stay, past);
  const instant = at ?? toInstant(ports.now());
  const gaps = gapsIn({ since: stay.since, until: instant }, read.verification);
  const known = { repository, at: instant, tag, ...stay, gaps, ...(before && { previous: before }) };
  return describe(known, { record, previous, verification: read.verification, ...more }, ports);
}

async function whoImage(
  image: Image,
  { at, tag }: { readonly at: Instant | undefined; readonly tag: Tag | undefined },
  ports: LookupPorts,
  { isBrief = false }: WhoOptions,
): Promise<WhoAnswer | NotFound> {
  const { repository, digest } = image;
  const [{ records, verification }, more] = await Promise.all([
    ports.loadTogether([image], repository),
    isBrief ? {} : loadMore(image, ports),
  ]);
  const [record] = records;
  if (!record) return notFound(`${repository.name}@${digest} has never been recorded`);
  const known = { repository, digest, at: at ?? toInstant(ports.now()), gaps: [], ...(tag && { tag }) };
  return describe(known, { record, verification, ...more }, ports);
}

type More = Partial<Pick<WhoAnswer, 'scan' | 'running'>>;

/** What is told beside the commit; none of it is needed to name it. */
async function loadMore(image: Image, ports: LookupPorts): Promise<More> {
  const [scan, running] = await Promise.all([ports.loadLatestScan(image), runningOn(image, ports)]);
  return { running, ...(scan && { scan }) };
}

interface Read extends More {
  readonly record: ImageRecord | undefined;
  readonly previous?: ImageRecord | undefined;
  readonly verification: Verification | undefined;
}

type Known = Pick<WhoAnswer, 'repository' | 'at' | 'digest' | 'tag' | 'gaps'> & {
  readonly previous?: Digest;
};

async function describe(
  { previous: before, ...known }: Known,
  { record, previous, verification, scan, running }: Read,
  ports: LookupPorts,
): Promise<WhoAnswer> {
  const deletedAt = record && (await deletedSince(record, ports));
  const archivedAt = record && archivedSince(record.marks);
  return {
    found: 'one',
    ...known,
    ...(before && { previous: { digest: before, ...sourceOf(previous) } }),
    ...(record && { image: withoutIdentity(record) }),
    ...(archivedAt && { archivedAt }),
    ...(deletedAt && { deletedAt }),
    ...sourceOf(record),
    ...(scan && { scan }),
    ...(running && { running }),
    ...(verification && { verification }),
  };
}

function deleted(
  { repository: { name }, tag, at }: Subject & { readonly at: Instant | undefined },
  { deletedAt, tied }: { readonly deletedAt: Instant; readonly tied?: Tied },
  past: readonly TagEvent[],
): NotFound {
  const pushed = tied?.flatMap((it) => (it === 'deleted' ? [] : shortDigest(it))) ?? [];
  const orElse = `, and pushed to ${pushed.join(', ')} in the same second: which came last is not known`;
  const lost = past.find((it) => it.digest && it.at < deletedAt)?.digest;
  return notFound(
    `${name}:${tag} was deleted at ${deletedAt}${pushed.length > 0 ? orElse : ''}`,
    lost && `it was ${shortDigest(lost)} before: ask for ${name}:${tag}${at ? `@{${at}}` : ''}~1`,
  );
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
  { repository, tag }: Subject,
  at: Instant | undefined,
  ports: LookupPorts,
): Promise<NotFound> {
  const next = at && (await ports.loadNextEvent({ repository, tag }, at));
  return notFound(
    next
      ? `${repository.name}:${tag} is known from ${next.at} on, and not before`
      : `no push of ${repository.name}:${tag} has been recorded`,
  );
}

function withoutIdentity({ image: _, ...rest }: ImageRecord): Omit<ImageRecord, 'image'> {
  return rest;
}
