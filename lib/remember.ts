import type { ImageIndex } from './image/manifest.ts';
import type { Mark } from './image/mark.ts';
import type { ImageRecord, RegisteredImage } from './image/record.ts';
import type { Image, Repository, Tag } from './image/reference.ts';
import type { TagEvent, TagName } from './image/tag-event.ts';
import { isReferrerTag } from './image/tag-form.ts';
import { type Instant, secondsBetween, toInstant } from './instant.ts';
import type { ImageAction } from './intake/event.ts';

/** What the lineage needs from outside. */
export interface LineagePorts {
  readonly now: () => Date;
  readonly findImage: (image: Image) => Promise<RegisteredImage | undefined>;
  readonly findIndex: (image: Image) => Promise<ImageIndex | undefined>;
  readonly loadImage: (image: Image) => Promise<ImageRecord | undefined>;
  readonly saveTagEvent: (name: TagName, event: TagEvent) => Promise<void>;
  readonly saveImage: (record: Omit<ImageRecord, 'marks'>) => Promise<void>;
  readonly saveRepository: (repository: Repository) => Promise<void>;
  readonly saveMark: (image: Image, mark: Mark) => Promise<void>;
  /** Has the image's scan looked at again, now that it has another name, or is known at last. */
  readonly hintRetag: (image: Image, eventId: string, at: Instant) => Promise<void>;
  /** Has what the registry knows of the image's origin read; nothing here waits for it. */
  readonly hintDocuments: (image: Image, eventId: string, at: Instant) => Promise<void>;
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
  const { repository, digest, tag, imageKind } = event;
  if (!tag || !digest) return 'part-of-an-index'; // recorded with the index or the tag that names it
  if ((imageKind !== 'image' && imageKind !== 'index') || isReferrerTag(tag)) return 'not-an-image';
  const image = { repository, digest };
  await saveEvent(event, tag, 'push', ports);
  const known = await ports.loadImage(image);
  // An index that was gone when it was first seen may have been pushed again.
  if (!known || (known.kind === 'index' && known.platforms.length === 0))
    return rememberNewImage(event, image, tag, ports);
  if (!known.tags.includes(tag)) await ports.saveImage({ ...known, ...NO_INDEX, tags: [tag] });
  await hintRetag(event, image, known.pushedAt, ports);
  return 'recorded';
}

async function rememberNewImage(
  event: ImageAction,
  image: Image,
  tag: Tag,
  ports: LineagePorts,
): Promise<Remembered> {
  const [registered, index] = await Promise.all([
    ports.findImage(image),
    event.imageKind === 'index' ? ports.findIndex(image) : NO_INDEX,
    ports.saveRepository(image.repository),
  ]);
  const isGone = !registered || !index;
  // These first: of an image that is known already nobody asks again whether it is there, and what it says.
  await (isGone
    ? ports.saveMark(image, { op: 'delete', at: toInstant(ports.now()) })
    : ports.hintDocuments(image, event.eventId, event.at));
  await ports.saveImage({
    image,
    kind: event.imageKind,
    pushedAt: registered?.pushedAt ?? event.at,
    ...(index ?? NO_INDEX),
    tags: [...new Set([tag, ...(registered?.tags ?? [])])].sort(),
    evidence: [],
  });
  if (isGone) return 'recorded-as-gone';
  const isLate = secondsBetween(event.at, toInstant(ports.now())) > LATE_SECONDS;
  if (event.imageKind === 'index' && isLate) await ports.hintRetag(image, event.eventId, event.at);
  else await hintRetag(event, image, registered.pushedAt, ports);
  return 'recorded';
}

async function hintRetag(
  { at, eventId }: ImageAction,
  image: Image,
  pushedAt: Instant,
  ports: LineagePorts,
): Promise<void> {
  if (secondsBetween(pushedAt, at) > TOGETHER_SECONDS) await ports.hintRetag(image, eventId, at);
}

function saveEvent(event: ImageAction, tag: Tag, op: TagEvent['op'], ports: LineagePorts): Promise<void> {
  const { repository, digest, at, eventId, window } = event;
  return ports.saveTagEvent(
    { repository, tag },
    {
      ...{ op, at, eventId, recordedAt: toInstant(ports.now()) },
      ...(op === 'push' && digest && { digest }),
      ...(window && { window }),
    },
  );
}
