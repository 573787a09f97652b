import type { Digest } from '../image/digest.ts';
import type { ListedImage } from '../image/listed-image.ts';
import type { Repository, Tag } from '../image/reference.ts';
import { isReferrerTag } from '../image/tag-form.ts';
import type { TagHead } from '../image/tag-head.ts';
import type { Verification } from '../image/verification.ts';
import { type Instant, toInstant } from '../instant.ts';
import { deleteHint, pushHint } from './hint.ts';

/** A tag about which the lineage is wrong, and the message that says so. */
export interface TagDrift {
  readonly op: 'push' | 'delete';
  readonly tag: Tag;
  /** Where the tag is, or was until it went. */
  readonly digest: Digest;
  readonly body: string;
  /** The tag's newest event on record. */
  readonly since?: Instant;
}

/** One repository seen from both sides. */
export interface TagView {
  readonly repository: Repository;
  /** Read before the registry was asked: what happens in between shows as a push too many, never as one too few. */
  readonly heads: ReadonlyMap<Tag, TagHead>;
  readonly images: readonly ListedImage[];
  /** When the listing began. */
  readonly listedAt: Date;
  readonly before?: Verification | undefined;
  readonly graceSeconds: number;
}

/** A hint is not repeated for an hour: the queue has it. */
const HINT_HOLDS_MS = 3_600_000;

/** The tags that moved, came or went without the lineage hearing of it. */
export function compareTags(view: TagView): readonly TagDrift[] {
  const standing = new Map<Tag, ListedImage>();
  for (const listed of view.images) {
    if (listed.kind !== 'image' && listed.kind !== 'index') continue;
    for (const tag of listed.tags) if (!isReferrerTag(tag)) standing.set(tag, listed);
  }
  const seen = new Set(view.images.flatMap(({ tags }) => tags));
  return [
    ...[...standing].flatMap(([tag, listed]) => moved(view, tag, listed) ?? []),
    ...[...view.heads].flatMap(([tag, head]) => (seen.has(tag) ? [] : (gone(view, tag, head) ?? []))),
  ];
}

function moved(view: TagView, tag: Tag, listed: ListedImage): TagDrift | undefined {
  const head = view.heads.get(tag);
  const { digest } = listed.image;
  if (head?.digest === digest || isHinted(view, head, digest)) return undefined;
  if (isFresh(view, listed.pushedAt)) return undefined;
  const notAfter = observedAt(view);
  const earliest = lastKnown(view, head);
  const isPush = !earliest || earliest < listed.pushedAt;
  const at = isPush ? listed.pushedAt : notAfter;
  if (head?.at && at <= head.at) return undefined;
  const notBefore = isPush ? listed.pushedAt : earliest;
  const body = pushHint(tag, listed, at, { notBefore, notAfter });
  return { op: 'push', tag, digest, body };
}

function gone(view: TagView, tag: Tag, head: TagHead): TagDrift | undefined {
  const { digest, at } = head;
  if (!digest || !at || isFresh(view, at) || isHinted(view, head, undefined)) return undefined;
  const notAfter = observedAt(view);
  const notBefore = lastKnown(view, head);
  const window = { ...(notBefore && { notBefore }), notAfter };
  const body = deleteHint(view.repository, tag, digest, notAfter, window);
  return { op: 'delete', tag, digest, since: at, body };
}

/** The last time for which the lineage is known to be right about a tag. */
function lastKnown({ before, graceSeconds }: TagView, head: TagHead | undefined): Instant | undefined {
  // What was fresh then was left alone, so the verification holds for a grace before it only.
  const verified = before && toInstant(new Date(Date.parse(before.verifiedAt) - graceSeconds * 1000));
  return [head?.at, verified]
    .filter((it) => it !== undefined)
    .sort()
    .at(-1);
}

/** ECR's events tell whole seconds, cut off: one second less, so that an event of the same second is the later. */
function observedAt({ listedAt }: TagView): Instant {
  return toInstant(new Date(Math.floor(listedAt.getTime() / 1000) * 1000 - 1000));
}

/** Its event may still be on its way. */
function isFresh({ listedAt, graceSeconds }: TagView, at: Instant): boolean {
  return Date.parse(at) > listedAt.getTime() - graceSeconds * 1000;
}

function isHinted({ listedAt }: TagView, head: TagHead | undefined, digest: Digest | undefined): boolean {
  const hinted = head?.hinted;
  if (!hinted || hinted.digest !== digest) return false;
  return listedAt.getTime() - Date.parse(hinted.at) < HINT_HOLDS_MS;
}
