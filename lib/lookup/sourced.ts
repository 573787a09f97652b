import { sameCommit } from '../image/commit.ts';
import type { Provenance } from '../image/provenance.ts';
import { commitOf, type ImageRecord } from '../image/record.ts';
import type { Untrusted } from '../image/untrusted.ts';

/** Which commit an image is, and in which repository. */
export interface Sourced {
  readonly provenance?: Provenance;
  /** As the best evidence says, or else other evidence of the same commit. */
  readonly repoUrl?: Untrusted;
}

/** What is on record of an image's source. */
export function sourceOf(record: ImageRecord | undefined): Sourced {
  const provenance = record && commitOf(record);
  if (!provenance) return {};
  const { best } = provenance;
  const same = record.evidence.filter(({ doubt, commit }) => !doubt && sameCommit(commit, best.commit));
  const repoUrl = [best, ...same].find((it) => it.repoUrl !== undefined)?.repoUrl;
  return { provenance, ...(repoUrl && { repoUrl }) };
}
