import { sameCommit } from '../image/commit.ts';
import type { Image, Tag } from '../image/reference.ts';
import type { Untrusted } from '../image/untrusted.ts';
import type { Sourced } from './sourced.ts';

/** What a source of ancestry says of two commits; `unknown` says why, never guesses. */
export type Verdict = { readonly says: 'yes' | 'no' } | { readonly says: 'unknown'; readonly why: string };

/** Who may know whether one commit is an ancestor of another, the quickest first. */
export interface AncestryPorts {
  readonly inClone: (ancestor: string, descendant: string) => Promise<Verdict>;
  /** Absent when nobody but the tables may be asked. */
  readonly onForge?: (repoUrl: Untrusted, ancestor: string, descendant: string) => Promise<Verdict>;
}

/** An image that may contain the commit. */
export interface Target extends Image, Sourced {
  readonly tag?: Tag;
}

/** Whether an image contains a commit, and who says so. */
export interface Containment {
  readonly target: Target;
  readonly says: Verdict['says'];
  /** `exact`: the image was built of this very commit. */
  readonly by: 'exact' | 'clone' | 'forge' | 'nobody';
  /** Why the sources that were asked do not know. */
  readonly why: readonly string[];
}

/**
 * Whether an image was built of a commit or of a later one. Ancestry says so only: a cherry-pick or a squash merge has
 * the change under another commit, and a "no" of ancestry does not rule that out.
 */
export async function contains(commit: string, target: Target, ports: AncestryPorts): Promise<Containment> {
  const { provenance, repoUrl } = target;
  if (!provenance)
    return { target, says: 'unknown', by: 'nobody', why: ['the commit of the image is not known'] };
  const built = provenance.best.commit;
  if (sameCommit(built, commit)) return { target, says: 'yes', by: 'exact', why: [] };
  const clone = await ports.inClone(commit, built);
  if (clone.says !== 'unknown') return { target, says: clone.says, by: 'clone', why: [] };
  const forge = await askForge(ports.onForge, repoUrl, commit, built);
  if (forge.says !== 'unknown') return { target, says: forge.says, by: 'forge', why: [clone.why] };
  return { target, says: 'unknown', by: 'nobody', why: [clone.why, forge.why] };
}

async function askForge(
  onForge: AncestryPorts['onForge'],
  repoUrl: Untrusted | undefined,
  commit: string,
  built: string,
): Promise<Verdict> {
  if (!onForge) return { says: 'unknown', why: 'the forge was not asked (--offline)' };
  if (!repoUrl)
    return { says: 'unknown', why: 'nothing on record says in which source repository the commit is' };
  return onForge(repoUrl, commit, built);
}

/** One word for all images: yes when each has it (and no other runs), no when one is known not to. */
export function overall(found: readonly Containment[], isWhole = true): Verdict['says'] {
  if (found.some(({ says }) => says === 'no')) return 'no';
  return isWhole && found.length > 0 && found.every(({ says }) => says === 'yes') ? 'yes' : 'unknown';
}
