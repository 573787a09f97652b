import type { Digest } from '../image/digest.ts';
import type { Repository } from '../image/reference.ts';
import type { ScanFact } from '../scan/scan.ts';
import { together } from '../together.ts';
import { inTurns } from './in-turns.ts';
import type { LookupPorts } from './ports.ts';
import { type Use, usesOf } from './use.ts';

/** What became of an image: what its newest scan counts, and everything that ran it. */
export interface Life {
  readonly digest: Digest;
  /** Absent when none is on record: this does not mean clean. */
  readonly scan?: ScanFact;
  /** By the start, the newest first; those of its platforms, and of indexes that list it, are among them. */
  readonly runs: readonly Use[];
}

/** What became of some images of a repository, each once. Five requests and more for each of them. */
export async function livesOf(
  repository: Repository,
  digests: readonly Digest[],
  ports: LookupPorts,
): Promise<readonly Life[]> {
  return inTurns([...new Set(digests)], async (digest): Promise<Life> => {
    const image = { repository, digest };
    const [scan, uses] = await together([ports.loadLatestScan(image), usesOf(image, [], ports)]);
    const runs = uses.filter(({ isThatPlatform }) => isThatPlatform !== false);
    return {
      digest,
      ...(scan && { scan }),
      runs: runs.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)),
    };
  });
}
