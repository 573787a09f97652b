import type { Image, Repository } from './image/reference.ts';
import type { Instant } from './instant.ts';
import { foundAfter, type IndexedImage } from './scan/indexed-image.ts';
import type { Scan } from './scan/scan.ts';
import { together } from './together.ts';

/** What finding images by a CVE needs to be written. */
export interface FindingsIndexPorts {
  readonly loadFound: (image: Image) => Promise<IndexedImage | undefined>;
  /** False when somebody else wrote since `before` was read. */
  readonly saveFound: (indexed: IndexedImage, before: Instant | undefined) => Promise<boolean>;
  readonly loadKnownIds: (repository: Repository) => Promise<ReadonlySet<string>>;
  readonly saveKnownIds: (repository: Repository, ids: ReadonlySet<string>) => Promise<void>;
  /** Lets the repository be found by CVEs. Idempotent. */
  readonly saveSightings: (ids: readonly string[], repository: Repository) => Promise<void>;
}

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
  const [before, known] = await together([ports.loadFound(image), ports.loadKnownIds(image.repository)]);
  // A slow worker's older reading must not take the place of a newer one.
  if (before && before.readAt >= readAt) return;
  const list = foundAfter(before && { found: before.found, leftOut: before.leftOut }, scan, readAt);
  if (!list) return;
  const fresh = list.found.map(({ id }) => id).filter((id) => !known.has(id));
  const isFresh = fresh.length > 0;
  if (isFresh) await ports.saveSightings(fresh, image.repository);
  const [, saved] = await together([
    isFresh && ports.saveKnownIds(image.repository, new Set([...known, ...fresh])),
    ports.saveFound({ image, pushedAt, readAt, ...list }, before?.readAt),
  ]);
  // Another worker was between: what it wrote is the "before" of another try.
  if (!saved) await indexFindings({ image, pushedAt }, scan, readAt, ports);
}
