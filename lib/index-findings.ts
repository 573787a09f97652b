import type { Image, Repository } from './image/reference.ts';
import type { Instant } from './instant.ts';
import { type FoundList, foundAfter, type IndexedImage } from './scan/indexed-image.ts';
import type { Scan } from './scan/scan.ts';
import { together } from './together.ts';

/** What finding images by a CVE needs to be written. */
export interface FindingsIndexPorts {
  readonly loadFound: (image: Image) => Promise<IndexedImage | undefined>;
  /** False when somebody else wrote since `before` was read. */
  readonly saveFound: (indexed: IndexedImage, before: Instant | undefined) => Promise<boolean>;
  readonly loadKnownIds: (repository: Repository) => Promise<ReadonlySet<string>>;
  readonly saveKnownIds: (repository: Repository, ids: ReadonlySet<string>) => Promise<void>;
  /** Lets the repository be found by a CVE. Idempotent. */
  readonly saveSighting: (id: string, repository: Repository, at: Instant) => Promise<void>;
}

/** Writes in flight at once, each on a connection of its own: a first scan with a thousand findings is written in a second. */
const AT_ONCE = 8;

/**
 * Lets a scan be found by its CVEs. Writes one item for an image whose findings changed, one for each CVE that is new
 * to the repository, and nothing for a scan that says what the one before said. What everything can be found from is
 * written before the image, which is what says next time that nothing changed; which ids the repository has saves only
 * writes, so it may come at the same time.
 */
export async function indexFindings(
  { image, pushedAt }: Pick<IndexedImage, 'image' | 'pushedAt'>,
  scan: Scan,
  readAt: Instant,
  ports: FindingsIndexPorts,
): Promise<void> {
  const before = await ports.loadFound(image);
  // A slow worker's older reading must not take the place of a newer one.
  if (before && before.readAt >= readAt) return;
  const list = foundAfter(before && { found: before.found, leftOut: before.leftOut }, scan, readAt);
  if (!list) return;
  const known = await nameRepository(image.repository, list, readAt, ports);
  const [, saved] = await together([
    known && ports.saveKnownIds(image.repository, known),
    ports.saveFound({ image, pushedAt, readAt, ...list }, before?.readAt),
  ]);
  // Another worker was between: what it wrote is the "before" of another try.
  if (!saved) await indexFindings({ image, pushedAt }, scan, readAt, ports);
}

/** Writes each CVE that is new to the repository; resolves with all that are known of it then, if there was any. */
async function nameRepository(
  repository: Repository,
  { found }: FoundList,
  at: Instant,
  ports: FindingsIndexPorts,
): Promise<ReadonlySet<string> | undefined> {
  const known = await ports.loadKnownIds(repository);
  const fresh = found.map(({ id }) => id).filter((id) => !known.has(id));
  if (fresh.length === 0) return undefined;
  for (let next = 0; next < fresh.length; next += AT_ONCE)
    await Promise.all(fresh.slice(next, next + AT_ONCE).map((id) => ports.saveSighting(id, repository, at)));
  return new Set([...known, ...fresh]);
}
