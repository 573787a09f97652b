import type { Digest } from '../image/digest.ts';
import { raw } from '../image/untrusted.ts';
import type { Standing, Standings } from '../workload/standing.ts';
import type { Verdict } from './evaluate.ts';
import type { Listings, StoredImage } from './stored-image.ts';

/** What an image is to a workload, by itself or by an index that lists it or that it lists. */
export interface Use extends Standing {
  /** `lists`: an index of the image that is pulled; that one can be pulled without it. */
  readonly relation: 'itself' | 'listed' | 'lists';
}

/** What workloads lose by a policy, the worst first. */
export interface Losses {
  /** Runs now, and would expire or be archived: an archived image cannot be pulled. */
  readonly running: readonly Verdict[];
  readonly rollback: readonly Verdict[];
  /** The tag in a task definition would stand for nothing. */
  readonly followed: readonly Verdict[];
  /** Runs now, is kept now, and is known to go at a time to come. */
  readonly later: readonly Verdict[];
}

/** What each image of a repository is to workloads. */
export function usesOf(
  images: readonly StoredImage[],
  listings: Listings,
  { byDigest, byTag }: Standings,
): ReadonlyMap<Digest, readonly Use[]> {
  const uses = new Map<Digest, Use[]>();
  const add = (digest: Digest, standings: readonly Standing[], relation: Use['relation']) =>
    uses.set(digest, [...(uses.get(digest) ?? []), ...standings.map((it) => ({ ...it, relation }))]);
  for (const { digest, tags } of images) {
    add(digest, byDigest.get(digest) ?? [], 'itself');
    for (const tag of tags) add(digest, byTag.get(raw(tag)) ?? [], 'itself');
  }
  for (const [index, listed] of listings) {
    for (const digest of listed) {
      add(digest, byDigest.get(index) ?? [], 'listed');
      add(index, byDigest.get(digest) ?? [], 'lists');
    }
  }
  return uses;
}

/** What workloads lose by these verdicts. What an index that is pulled lists stays as long as the index does. */
export function lossesOf(verdicts: readonly Verdict[], uses: ReadonlyMap<Digest, readonly Use[]>): Losses {
  const is = ({ image }: Verdict, as: Standing['as']) =>
    (uses.get(image.digest) ?? []).some((it) => it.as === as && it.relation === 'itself');
  const going = verdicts.filter(({ fate }) => fate !== 'kept');
  const running = going.filter((it) => is(it, 'runs'));
  return {
    running,
    rollback: going.filter((it) => is(it, 'rollback')),
    followed: going.filter((it) => is(it, 'followed') && !running.includes(it)),
    later: verdicts.filter((it) => it.fate === 'kept' && it.due !== undefined && is(it, 'runs')),
  };
}
