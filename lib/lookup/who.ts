import { type Digest, shortDigest } from '../image/digest.ts';
import { archivedSince } from '../image/mark.ts';
import type { ImageRecord } from '../image/record.ts';
import type { Reference, Repository, Tag } from '../image/reference.ts';
import type { TagEvent, TagName, Window } from '../image/tag-event.ts';
import type { Verification } from '../image/verification.ts';
import { type Instant, toInstant } from '../instant.ts';
import type { ScanFact } from '../scan/scan.ts';
import { together } from '../together.ts';
import { instantBack } from './back.ts';
import { type Gap, gapsIn } from './gaps.ts';
import { type Ambiguous, type NotFound, notFound } from './missing.ts';
import type { LookupPorts } from './ports.ts';
import { type ImageRead, readImage, readWhole } from './read-image.ts';
import { findRepository, type Place } from './repository.ts';
import { type Sourced, sourceOf } from './sourced.ts';
import { digestBefore, loadPast, nextMove, PAST, stayIn, type Tied, tiedIn } from './stay.ts';
import type { Use } from './use.ts';

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
  /** Without what is not needed to name the commit: until when, the image before, the scan, and what runs. */
  readonly isBrief?: boolean;
  /** Without the scan and what runs. */
  readonly isPlain?: boolean;
}

/**
 * Answers "which commit is, or was, behind this reference?" from the lineage; without an instant, now. Three requests
 * one after the other (where the account and region are given: two); what else is read is asked for beside them.
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
  if (digest) return whoImage(digest, { place, at, tag }, ports, options);
  if (!tag) return { ...notFound(`say which tag of ${name}, as in ${name}:latest`), lacks: 'tag' };
  const { back = 0 } = options;
  if (back === 0) return whoTag(tag, { place, at }, ports, options);
  const instant = await instantBack({ repository, tag }, { at, back }, ports);
  if (typeof instant !== 'number') return whoTag(tag, { place, at: instant }, ports, options);
  return notFound(`of the images before that one of ${name}:${tag}, ${instant} are on record`);
}

interface Asked {
  readonly place: Place;
  readonly at: Instant | undefined;
}

async function whoTag(
  tag: Tag,
  { place, at }: Asked,
  ports: LookupPorts,
  { isBrief = false, isPlain = isBrief }: WhoOptions,
): Promise<WhoAnswer | NotFound> {
  const { repository } = place;
  const [past, running] = await together([
    loadPast({ repository, tag }, at, ports),
    isPlain ? undefined : ports.loadRunning(repository),
  ]);
  const [event] = past;
  if (!event) return explainAbsence({ repository, tag }, at, ports);
  const { digest } = event;
  if (!digest) return deleted({ repository, tag, at }, { deletedAt: event.at, ...tiedIn(past) }, past);
  const before = isBrief ? undefined : digestBefore(past);
  const [read, moved] = await together([
    running
      ? readWhole({ repository, digest }, { place, before }, running, ports)
      : readImage({ repository, digest }, { place, before }, ports),
    isBrief ? undefined : at && nextMove(digest, { repository, tag }, at, ports),
  ]);
  const stay = stayIn([{ ...event, digest }, ...past.slice(1)], { record: read.record, at, moved });
  if ('deletedAt' in stay) return deleted({ repository, tag, at }, stay, past);
  const instant = at ?? toInstant(ports.now());
  const gaps = gapsIn({ since: stay.since, until: instant }, read.verification);
  const known = { repository, at: instant, tag, ...stay, gaps, ...(before && { previous: before }) };
  return describe(known, read, ports);
}

async function whoImage(
  digest: Digest,
  { place, at, tag }: Asked & { readonly tag: Tag | undefined },
  ports: LookupPorts,
  { isBrief = false, isPlain = isBrief }: WhoOptions,
): Promise<WhoAnswer | NotFound> {
  const { repository } = place;
  const image = { repository, digest };
  const read = isPlain
    ? await readImage(image, { place }, ports)
    : await readWhole(image, { place }, await ports.loadRunning(repository), ports);
  if (!read.record) return notFound(`${repository.name}@${digest} has never been recorded`);
  const known = { repository, digest, at: at ?? toInstant(ports.now()), gaps: [], ...(tag && { tag }) };
  return describe(known, read, ports);
}

type Known = Pick<WhoAnswer, 'repository' | 'at' | 'digest' | 'tag' | 'gaps'> & {
  readonly previous?: Digest;
};

async function describe(
  { previous: before, ...known }: Known,
  { record, previous, verification, scan, running }: ImageRead,
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
  { repository: { name }, tag, at }: TagName & { readonly at: Instant | undefined },
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
  const pasts = await together(tags.map((tag) => ports.loadHistory({ repository, tag }, range)));
  const isBack = pasts.flat().some((it) => it.digest === digest && deletedAt < it.at);
  return isBack ? undefined : deletedAt;
}

async function explainAbsence(
  { repository, tag }: TagName,
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
