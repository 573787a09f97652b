import type { CommitHit } from '../image/found.ts';
import type { Image } from '../image/reference.ts';
import { type KnownImage, knownImages } from './known-image.ts';
import { type NotFound, notFound } from './missing.ts';
import type { LookupPorts } from './ports.ts';

/** One commit and the images that were built of it, the newest first. */
export interface CommitAnswer {
  readonly found: 'one';
  /** As the strongest source names it; shorter than what was asked for when nothing on record names more. */
  readonly commit: string;
  readonly images: readonly KnownImage[];
  /** Images of which only a beginning of this commit is known: they may be of another one. */
  readonly maybe: readonly KnownImage[];
}

/** Several commits begin so. */
export interface AmbiguousCommit {
  readonly found: 'commits';
  readonly candidates: readonly Pick<CommitAnswer, 'commit' | 'images'>[];
}

/** Answers "which images were built of this commit?" by its first 4 to 64 hex characters. */
export async function whichImages(
  hex: string,
  ports: LookupPorts,
): Promise<CommitAnswer | AmbiguousCommit | NotFound> {
  const hits = await ports.findByCommit(hex);
  const exact = hits.filter(({ commit }) => commit.startsWith(hex));
  const shorter = hits.filter(({ commit }) => commit !== hex && hex.startsWith(commit));
  if (exact.length + shorter.length === 0)
    return notFound(`no image is on record whose commit begins with ${hex}`);
  const images = [...exact, ...shorter].map(({ image }) => image);
  const known = await knownImages(images, ports);
  const of = (some: readonly CommitHit[]) =>
    known.filter((it) => some.some(({ image }) => isSame(it, image)));
  const candidates = groups(exact).map(({ commit, group }) => ({ commit, images: of(group) }));
  const [only, ...others] = candidates;
  if (others.length > 0) return { found: 'commits', candidates };
  if (only) return { found: 'one', ...only, maybe: of(shorter) };
  const commit = shorter.map((it) => it.commit).reduce((a, b) => (b.length > a.length ? b : a));
  return { found: 'one', commit, images: [], maybe: of(shorter) };
}

function isSame(one: Image, other: Image): boolean {
  const { account, region, name } = one.repository;
  const where = other.repository;
  return (
    one.digest === other.digest && account === where.account && region === where.region && name === where.name
  );
}

/** A short form belongs to the only longer one that it begins; where there are several nobody knows to which. */
function groups(
  hits: readonly CommitHit[],
): readonly { readonly commit: string; readonly group: readonly CommitHit[] }[] {
  const commits = [...new Set(hits.map(({ commit }) => commit))];
  const longerThan = (one: string) => commits.filter((it) => it !== one && it.startsWith(one));
  const longest = (one: string): string => {
    const [longer, ...more] = longerThan(one).filter((it) => longerThan(it).length === 0);
    return longer && more.length === 0 ? longer : one;
  };
  return [...new Set(commits.map(longest))].sort().map((commit) => ({
    commit,
    group: hits.filter((hit) => longest(hit.commit) === commit),
  }));
}
