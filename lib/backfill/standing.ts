import type { Repository, Tag } from '../image/reference.ts';
import type { TagHead } from '../image/tag-head.ts';
import { allPages } from '../reconcile/pages.ts';
import { compareTags, type TagDrift } from '../reconcile/tags.ts';
import type { BackfillPorts } from './ports.ts';
import type { TrailEvent } from './trail-event.ts';

/** For events that may still be on their way: the reconciler's default. */
const GRACE_SECONDS = 300;

/** Where the tags of one repository stand now, against what the events leave. */
export interface Standing {
  readonly images: number;
  readonly drifts: readonly TagDrift[];
}

/**
 * What DescribeImages says of a repository and no event does: tags older than CloudTrail's history, and tags that
 * are gone without a word. `told` is what this backfill has sent and may not be on record yet. Changes nothing.
 */
export async function compareStanding(
  repository: Repository,
  told: readonly TrailEvent[],
  ports: BackfillPorts,
): Promise<Standing> {
  const recorded = await ports.loadHeads(repository);
  const listedAt = ports.now();
  const images = await allPages((token) => ports.listImages(repository, token));
  if (!images) return { images: 0, drifts: [] };
  const heads = headsAfter(recorded, told);
  const drifts = compareTags({ repository, heads, images, listedAt, graceSeconds: GRACE_SECONDS });
  return { images: images.length, drifts };
}

/** The head of each tag once all that was told is on record. */
function headsAfter(
  recorded: ReadonlyMap<Tag, TagHead>,
  told: readonly TrailEvent[],
): ReadonlyMap<Tag, TagHead> {
  const heads = new Map(recorded);
  for (const { tag, op, at, digest } of told) {
    const known = heads.get(tag);
    if (known?.at && known.at > at) continue;
    const hinted = known?.hinted && { hinted: known.hinted };
    heads.set(tag, { at, ...(op === 'push' && { digest }), ...hinted });
  }
  return heads;
}
