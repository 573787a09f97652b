import type { Digest } from './image/digest.ts';
import type { PlatformImage } from './image/manifest.ts';
import { isReferrerTag } from './image/provenance.ts';
import type { ImageRecord, RegisteredImage } from './image/record.ts';
import type { Image, Repository, Tag } from './image/reference.ts';
import type { TagEvent, TagName } from './image/tag-event.ts';
import { type Instant, toInstant } from './instant.ts';
import type { ImageAction } from './intake/event.ts';

/** What the lineage needs from outside. */
export interface LineagePorts {
  readonly now: () => Date;
  readonly findImage: (image: Image) => Promise<RegisteredImage | undefined>;
  readonly findPlatforms: (image: Image) => Promise<readonly PlatformImage[] | undefined>;
  readonly loadImage: (image: Image) => Promise<ImageRecord | undefined>;
  readonly loadHead: (name: TagName) => Promise<Digest | undefined>;
  readonly saveTagEvent: (name: TagName, event: TagEvent) => Promise<void>;
  readonly saveImage: (record: ImageRecord) => Promise<void>;
  readonly saveRepository: (repository: Repository) => Promise<void>;
  readonly markImage: (
    image: Image,
    mark: 'deletedAt' | 'archivedAt',
    at: Instant | undefined,
  ) => Promise<void>;
}

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
  if (event.action === 'push') return rememberPush(event, ports);
  if (event.action === 'delete') return rememberDelete(event, ports);
  if (event.digest) {
    const image = { repository: event.repository, digest: event.digest };
    await ports.markImage(image, 'archivedAt', event.action === 'archive' ? event.at : undefined);
  }
  return 'marked';
}

async function rememberPush(event: ImageAction, ports: LineagePorts): Promise<Remembered> {
  const { repository, digest, tag, imageKind } = event;
  if (!tag || !digest) return 'part-of-an-index'; // recorded with the index or the tag that names it
  if ((imageKind !== 'image' && imageKind !== 'index') || isReferrerTag(tag)) return 'not-an-image';
  const image = { repository, digest };
  await saveEvent(event, tag, 'push', ports);
  const known = await ports.loadImage(image);
  if (!known) return rememberNewImage(event, image, tag, ports);
  if (!known.tags.includes(tag)) await ports.saveImage({ ...known, tags: [...known.tags, tag] });
  return 'recorded';
}

async function rememberNewImage(
  event: ImageAction,
  image: Image,
  tag: Tag,
  ports: LineagePorts,
): Promise<Remembered> {
  const [registered, platforms] = await Promise.all([
    ports.findImage(image),
    event.imageKind === 'index' ? ports.findPlatforms(image) : [],
    ports.saveRepository(image.repository),
  ]);
  const isGone = !registered || !platforms;
  // The mark first: of an image that is known already nobody asks again whether it is there.
  if (isGone) await ports.markImage(image, 'deletedAt', toInstant(ports.now()));
  await ports.saveImage({
    image,
    kind: event.imageKind,
    pushedAt: registered?.pushedAt ?? event.at,
    platforms: platforms ?? [],
    tags: [...new Set([tag, ...(registered?.tags ?? [])])],
  });
  return isGone ? 'recorded-as-gone' : 'recorded';
}

/** A delete by tag ends what the tag pointed to; a delete by digest ends every tag that points to it still. */
async function rememberDelete(event: ImageAction, ports: LineagePorts): Promise<Remembered> {
  const { repository, digest, tag } = event;
  if (tag) {
    await saveEvent(event, tag, 'delete', ports);
    return 'closed';
  }
  if (!digest) return 'closed';
  const image = { repository, digest };
  const tags = (await ports.loadImage(image))?.tags ?? [];
  for (const it of tags) {
    if ((await ports.loadHead({ repository, tag: it })) === digest)
      await saveEvent(event, it, 'delete', ports);
  }
  await ports.markImage(image, 'deletedAt', event.at);
  return 'closed';
}

function saveEvent(event: ImageAction, tag: Tag, op: TagEvent['op'], ports: LineagePorts): Promise<void> {
  const { repository, digest, at, eventId } = event;
  return ports.saveTagEvent(
    { repository, tag },
    { op, at, eventId, recordedAt: toInstant(ports.now()), ...(op === 'push' && digest && { digest }) },
  );
}
