import { sameCommit } from '../image/commit.ts';
import { commitLink, compareLink, type Hosts } from '../image/links.ts';
import { parseRepoUrl, sameRepository } from '../image/repo-url.ts';
import { raw, type Untrusted } from '../image/untrusted.ts';
import type { Sourced } from './sourced.ts';

/** Pages about a commit; only on hosts that may be linked to, anything else is absent. */
export interface SourceLinks {
  readonly commit?: string;
  /** What it has that the commit before it has not. */
  readonly compare?: string;
}

/** The pages of an image's commit, and of what it changed against another image's. */
export function linksOf(
  { provenance, repoUrl }: Sourced,
  before: Sourced | undefined,
  hosts: Hosts,
): SourceLinks {
  if (!repoUrl || !provenance) return {};
  const newer = provenance.best.commit;
  const older = before?.provenance?.best.commit;
  const commit = commitLink(repoUrl, newer, hosts);
  const isOneLine = older && !sameCommit(older, newer) && isSameSource(repoUrl, before.repoUrl);
  const compare = isOneLine && compareLink(repoUrl, older, newer, hosts);
  return { ...(commit && { commit }), ...(compare && { compare }) };
}

/** No link for commits of different repositories; an image that does not say is taken for one of the same. */
function isSameSource(repoUrl: Untrusted, other: Untrusted = repoUrl): boolean {
  const [here, there] = [repoUrl, other].map((it) => parseRepoUrl(raw(it)));
  return here !== undefined && there !== undefined && sameRepository(here, there);
}
