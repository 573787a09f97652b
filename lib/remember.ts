import { type Evidence, mergeEvidence } from './image/evidence.ts';
import type { ImageIndex, ImageKind } from './image/manifest.ts';
import type { Mark } from './image/mark.ts';
import type { ImageRecord, RegisteredImage } from './image/record.ts';
import type { Image, Repository, Tag } from './image/reference.ts';
import type { TagEvent, TagName } from './image/tag-event.ts';
import { isReferrerTag } from './image/tag-form.ts';
import { type Instant, secondsBetween, toInstant } from './instant.ts';
import type { ImageAction } from './intake/event.ts';
import { together } from './together.ts';

/** What the lineage needs from outside. */
export interface LineagePorts {
  readonly now: () => Date;
  readonly findImage: (image: Image) => Promise<RegisteredImage | undefined>;
  readonly findIndex: (image: Image) => Promise<ImageIndex | undefined>;
  readonly loadImage: (image: Image) => Promise<ImageRecord | undefined>;
  readonly saveTagEvent: (name: TagName, event: TagEvent) => Promise<void>;
  /** With `read` also what its documents say; false, and neither is kept, when its evidence is not `evidence` any more. */
  readonly saveImage: (
    pushed: Omit<ImageRecord, 'marks'> & { readonly read?: readonly Evidence[] },
  ) => Promise<boolean>;
  readonly saveRepository: (repository: Repository) => Promise<void>;
  readonly saveMark: (image: Image, mark: Mark) => Promise<void>;
  /** Has the image's scan looked at again, now that it has another name, or is known at last. */
  readonly hintRetag: (image: Image, eventId: string, at: Instant) => Promise<void>;
  /** What the documents of an image say of its commit; undefined when not all of it can be read at once. */
  readonly readEvidence: (image: Image) => Promise<readonly Evidence[] | undefined>;
  /** Has what the registry knows of the image's origin read; nothing here waits for it. */
  readonly hintDocuments: (image: Image, eventId: string, at: Instant) => Promise<void>;
  /** The same later, for what is pushed after the image. */
  readonly hintLater: (image: Image, eventId: string, at: Instant) => Promise<void>;
}

/** A client that pushes an image with several tags puts them within this time, and no scan is over so soon. */
const TOGETHER_SECONDS = 2;

/** After this long the platforms of an index may have been answered without it: well below the grace for siblings. */
const LATE_SECONDS = 60;

const NO_INDEX: ImageIndex = { platforms: [], attestations: [] };

/** What became of an event, in one word for the log. */
export type Remembered =
  | 'recorded'
  | 'recorded-as-gone'
  | 'part-of-an-index'
  | 'not-an-image'
  | 'closed'
  | 'marked';

/** Writes into the lineage what happened to an image. Idempotent; any order ends in the same table. */
export async function remember(event: ImageAction, ports: LineagePorts): Promise<Remembered> {
  const { action, repository, digest, tag, at } = event;
  if (action === 'push') return rememberPush(event, ports);
  if (action === 'delete' && tag) {
    await saveEvent(event, tag, 'delete', ports);
    return 'closed';
  }
  // What hangs on to an image has no history of its own.
  if (event.imageKind === 'artifact' && !tag) return 'not-an-image';
  // What a deletion of the whole image means for its tags is worked out when somebody asks: a push of one of them
  // may be told later than this.
  if (digest) await ports.saveMark({ repository, digest }, { op: action, at });
  return action === 'delete' ? 'closed' : 'marked';
}

async function rememberPush(event: ImageAction, ports: LineagePorts): Promise<Remembered> {
  const { repository, digest, tag } = event;
  if (!tag || !digest) return 'part-of-an-index'; // recorded with the index or the tag that names it
  const image = { repository, digest };
  const imageKind = event.imageKind ?? (await findKind(image, ports));
  if ((imageKind !== 'image' && imageKind !== 'index') || isReferrerTag(tag)) return 'not-an-image';
  const [remembered] = await together([
    rememberImage({ ...event, imageKind, tag }, image, ports),
    saveEvent(event, tag, 'push', ports),
  ]);
  return remembered;
}

async function rememberImage(event: ImagePush, image: Image, ports: LineagePorts): Promise<Remembered> {
  const known = await ports.loadImage(image);
  return isDescribed(known, event.imageKind)
    ? addTo(known, event, image, ports)
    : describeImage(event, image, known, ports);
}

/**
 * An index that was gone when it was first seen may have been pushed again; and what was gone when it was first
 * told of without its kind was taken for an image.
 */
function isDescribed(known: ImageRecord | undefined, imageKind: ImageKind): known is ImageRecord {
  return known?.kind === imageKind && !(known.kind === 'index' && known.platforms.length === 0);
}

async function addTo(
  known: ImageRecord,
  event: ImagePush,
  image: Image,
  ports: LineagePorts,
): Promise<Remembered> {
  await addTag(known, event, ports);
  await hintScan(event, image, known.pushedAt, ports);
  return 'recorded';
}

async function addTag(known: ImageRecord, event: ImagePush, ports: LineagePorts): Promise<void> {
  const { tag } = event;
  const pushedAt = pushedAtOf(event, known.pushedAt);
  const isNews = !known.tags.includes(tag) || (event.isUpstream && !known.isUpstream);
  if (!isNews && pushedAt === known.pushedAt) return;
  // A commit is found together with the time of its push: with another time, all of them are.
  const tags = pushedAt === known.pushedAt ? [tag] : [...new Set([...known.tags, tag])];
  await ports.saveImage({ ...known, ...NO_INDEX, pushedAt, tags, ...upstream(event) });
}

/**
 * Nobody can say when an image was pushed that is gone: then the earliest event about it counts, whichever is told
 * first. Within one second the registry knows better.
 */
function pushedAtOf({ at }: ImageAction, known: Instant | undefined): Instant {
  return known && secondsBetween(at, known) < 1 ? known : at;
}

/** Copies into a registry are told of without media types. Of what is gone nobody can tell any more. */
async function findKind(image: Image, ports: LineagePorts): Promise<ImageKind> {
  const known = (await ports.loadImage(image)) ?? (await ports.findImage(image));
  return known?.kind ?? 'image';
}

type ImagePush = ImageAction & { readonly imageKind: ImageKind; readonly tag: Tag };

async function describeImage(
  event: ImagePush,
  image: Image,
  known: ImageRecord | undefined,
  ports: LineagePorts,
): Promise<Remembered> {
  const [registered, index, found] = await together([
    ports.findImage(image),
    event.imageKind === 'index' ? ports.findIndex(image) : NO_INDEX,
    ports.readEvidence(image),
    ports.saveRepository(image.repository),
  ]);
  const pushed = {
    image,
    kind: event.imageKind,
    pushedAt: pushedAtOf(event, (known ?? registered)?.pushedAt),
    ...(index ?? NO_INDEX),
    tags: [...new Set([event.tag, ...[known, registered].flatMap((it) => it?.tags ?? [])])].sort(),
    ...upstream(event),
    evidence: known?.evidence ?? [],
  };
  if (!registered || !index) {
    // First: of an image that is known already nobody asks again whether it is there.
    await ports.saveMark(image, { op: 'delete', at: toInstant(ports.now()) });
    await ports.saveImage(pushed);
    return 'recorded-as-gone';
  }
  // Somebody else was told of another tag at the same moment: to ask costs less than to write everything again.
  const other = await ports.loadImage(image);
  if (isDescribed(other, event.imageKind)) return addTo(other, event, image, ports);
  await saveWithEvidence(pushed, found, event, ports);
  await hintScan(event, image, registered.pushedAt, ports);
  return 'recorded';
}

/** Hints first: of an image that is known already nobody asks again what its documents say. */
async function saveWithEvidence(
  pushed: Omit<ImageRecord, 'marks'>,
  found: readonly Evidence[] | undefined,
  { eventId, at }: ImagePush,
  ports: LineagePorts,
): Promise<void> {
  const { image, evidence } = pushed;
  if (found) {
    await ports.hintLater(image, eventId, at);
    if (await ports.saveImage({ ...pushed, read: mergeEvidence(evidence, found) })) return;
  }
  await ports.hintDocuments(image, eventId, at);
  await ports.saveImage(pushed);
}

/**
 * Has the image's scan looked at again where it may have been answered without what is recorded now. Of an index also
 * when it is known already: whoever recorded it late may have ended before this.
 */
async function hintScan(
  event: ImagePush,
  image: Image,
  pushedAt: Instant,
  ports: LineagePorts,
): Promise<void> {
  const isLate = !event.source && secondsBetween(event.at, toInstant(ports.now())) > LATE_SECONDS;
  if (event.imageKind === 'index' && isLate) await ports.hintRetag(image, event.eventId, event.at);
  else await hintRetag(event, image, pushedAt, ports);
}

function upstream({ isUpstream }: ImageAction): Pick<ImageRecord, 'isUpstream'> {
  return isUpstream ? { isUpstream } : {};
}

async function hintRetag(
  { at, eventId, source }: ImageAction,
  image: Image,
  pushedAt: Instant,
  ports: LineagePorts,
): Promise<void> {
  // What is long past is history: where its tags stand now is for the reconciler to find.
  if (source === 'backfill') return;
  if (secondsBetween(pushedAt, at) > TOGETHER_SECONDS) await ports.hintRetag(image, eventId, at);
}

function saveEvent(event: ImageAction, tag: Tag, op: TagEvent['op'], ports: LineagePorts): Promise<void> {
  const { repository, digest, at, eventId, window, origin, source, actor } = event;
  return ports.saveTagEvent(
    { repository, tag },
    {
      ...{ op, at, eventId, recordedAt: toInstant(ports.now()) },
      ...(op === 'push' && digest && { digest }),
      ...(window && { window }),
      ...(origin && { origin }),
      ...(source && { source }),
      ...(actor && { actor }),
    },
  );
}
