import { deletionBetween } from '../image/mark.ts';
import type { Repository } from '../image/reference.ts';
import { verifiedAgain } from '../image/verification.ts';
import { toInstant } from '../instant.ts';
import { together } from '../together.ts';
import { allPages } from './pages.ts';
import type { ReconcilePorts } from './ports.ts';
import { walkScans } from './scan-walk.ts';
import { rereadStale } from './stale.ts';
import { compareTags, type TagDrift } from './tags.ts';
import { nothingFound, type Tally } from './tally.ts';

/** What was found about one repository; `isWhole` is false when the time ended first. */
export interface RepositoryOutcome {
  readonly isWhole: boolean;
  readonly found: Tally;
}

/**
 * Holds one repository against the registry: sends a hint for every tag and scan that is not on record, and writes
 * down that it was verified. May end before all scans were looked at; what is done then need not be done again.
 */
export async function reconcileRepository(
  repository: Repository,
  endsAt: Date,
  ports: ReconcilePorts,
): Promise<RepositoryOutcome> {
  // The heads first: see TagView.
  const [heads, before] = await together([ports.loadHeads(repository), ports.loadVerification(repository)]);
  const listedAt = ports.now();
  const images = await allPages(async (token) => {
    await ports.pace();
    return ports.listImages(repository, token);
  });
  if (!images) return { isWhole: true, found: nothingFound() };
  const { graceSeconds } = ports.patience;
  const drifts = compareTags({ repository, heads, images, listedAt, before, graceSeconds });
  const tags = await sendTags(repository, drifts, ports);
  const reread = await rereadStale(repository, images, ports);
  const scans = await walkScans({ images, listedAt, before, endsAt }, ports);
  const found = {
    ...nothingFound(),
    ...scans.found,
    ...tags,
    reread,
    images: images.length,
    isFirst: !before,
  };
  if (!scans.isWhole) return { isWhole: false, found };
  const verification = verifiedAgain(before, toInstant(listedAt), scans.settledBefore);
  await ports.saveVerification(repository, verification);
  return { isWhole: true, found };
}

async function sendTags(
  repository: Repository,
  drifts: readonly TagDrift[],
  ports: ReconcilePorts,
): Promise<Pick<Tally, 'pushes' | 'deletes'>> {
  const known = await together(drifts.map((drift) => isKnownGone(repository, drift, ports)));
  const told = drifts.filter((_, index) => !known[index]);
  await ports.sendPushes(told.map(({ body }) => body));
  const at = toInstant(ports.now());
  for (const { op, tag, digest } of drifts) {
    await ports.saveTagHint({ repository, tag }, { at, ...(op === 'push' && { digest }) });
  }
  const count = (op: TagDrift['op']) => told.filter((it) => it.op === op).length;
  return { pushes: count('push'), deletes: count('delete') };
}

/** A deletion of the whole image was told; what it means for its tags is worked out when somebody asks. */
async function isKnownGone(
  repository: Repository,
  { op, digest, since }: TagDrift,
  ports: ReconcilePorts,
): Promise<boolean> {
  if (op === 'push' || !since) return false;
  const record = await ports.loadImage({ repository, digest });
  return record !== undefined && deletionBetween(record.marks, since) !== undefined;
}
