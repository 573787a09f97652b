import { sameCommit } from './commit.ts';
import { byStrength, type Evidence } from './evidence.ts';
import type { Tag } from './reference.ts';
import { tagEvidence } from './tag-form.ts';

/** Which commit an image is, how we know, and what says otherwise. */
export interface Provenance {
  readonly best: Evidence;
  /** What is believed as well and names another commit. It is shown; nobody settles it here. */
  readonly conflicts: readonly Evidence[];
}

/**
 * Weighs what the tags of one digest say (CI often pushes `latest` and `<sha>` together) and what else is known of it.
 * Undefined when nothing names a commit that can be believed.
 */
export function provenanceOf(
  tags: readonly Tag[],
  evidence: readonly Evidence[] = [],
): Provenance | undefined {
  const sorted = allEvidence(tags, evidence);
  const [best] = sorted;
  return best && !best.doubt ? { best, conflicts: conflictsIn(sorted) } : undefined;
}

/** The same evidence one by one: the strongest first, and at the end what is not believed, with its doubt. */
export function allEvidence(tags: readonly Tag[], evidence: readonly Evidence[]): readonly Evidence[] {
  const all = [...evidence, ...tags.flatMap((tag) => tagEvidence(tag) ?? [])];
  const believed = all.filter(({ doubt }) => doubt === undefined);
  return all.map((it) => confirmed(it, believed)).sort(byStrength);
}

/** A tag that looks like a number or a hash is a commit when something else names the same. */
function confirmed(evidence: Evidence, believed: readonly Evidence[]): Evidence {
  const { doubt, ...rest } = evidence;
  const isAmbiguous = doubt === 'looks-like-a-number' || doubt === 'looks-like-a-hash';
  return isAmbiguous && believed.some(({ commit }) => sameCommit(commit, rest.commit)) ? rest : evidence;
}

/** Two long commits may both begin with a short one that is stronger: the second of them is a conflict too. */
function conflictsIn(sorted: readonly Evidence[]): readonly Evidence[] {
  let settled = sorted[0]?.commit ?? '';
  return sorted.filter(({ commit, doubt }) => {
    if (doubt) return false;
    if (!sameCommit(commit, settled)) return true;
    if (commit.length > settled.length) settled = commit;
    return false;
  });
}
