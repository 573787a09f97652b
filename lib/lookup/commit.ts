import type { CommitHit } from '../image/found.ts';
import { type KnownImage, knownImages } from './known-image.ts';
import { type NotFound, notFound } from './missing.ts';
import type { LookupPorts } from './ports.ts';

/** One commit and the images that were built of it, the newest first. */
export interface CommitAnswer {
  readonly found: 'one';
  /** As the strongest source names it; it may be shorter than what was asked for. */
  readonly commit: string;
  readonly images: readonly KnownImage[];
}

/** Several commits begin so. */
export interface AmbiguousCommit {
  readonly found: 'commits';
  readonly candidates: readonly Omit<CommitAnswer, 'found'>[];
}

/** Answers "which images were built of this commit?" by its first 4 to 64 hex characters. */
export async function whichImages(
  hex: string,
  ports: LookupPorts,
): Promise<CommitAnswer | AmbiguousCommit | NotFound> {
  const hits = await ports.findByCommit(hex);
  if (hits.length === 0) return notFound(`no image is on record whose commit begins with ${hex}`);
  const known = await knownImages(
    hits.map(({ image }) => image),
    ports,
  );
  const candidates = groups(hits).map(({ commit, images }) => ({
    commit,
    images: known.filter(({ repository, digest }) =>
      images.some(({ image }) => image.digest === digest && image.repository.name === repository.name),
    ),
  }));
  const [only, ...others] = candidates;
  return only && others.length === 0 ? { found: 'one', ...only } : { found: 'commits', candidates };
}

/** A short form belongs to the only longer one that it begins; where there are several nobody knows to which. */
function groups(
  hits: readonly CommitHit[],
): readonly { readonly commit: string; readonly images: readonly CommitHit[] }[] {
  const commits = [...new Set(hits.map(({ commit }) => commit))];
  const longerThan = (one: string) => commits.filter((it) => it !== one && it.startsWith(one));
  const longest = (one: string): string => {
    const [longer, ...more] = longerThan(one).filter((it) => longerThan(it).length === 0);
    return longer && more.length === 0 ? longer : one;
  };
  return [...new Set(commits.map(longest))].sort().map((commit) => ({
    commit,
    images: hits.filter((hit) => longest(hit.commit) === commit),
  }));
}
