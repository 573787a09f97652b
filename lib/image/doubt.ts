import { sameCommit } from './commit.ts';
import type { Doubt, Evidence, KnownLineage } from './evidence.ts';
import { FIELDS } from './field.ts';
import { parseRepoUrl, type RepoUrl, sameRepository } from './repo-url.ts';
import { raw, type Untrusted } from './untrusted.ts';

/** These say which repository was built, the best first. */
const BUILT_FROM: readonly string[] = [FIELDS.context, FIELDS.material, FIELDS.vcs];

/** Of these the commit is in the repository of the workflow, which may be another than the one that was built. */
const OF_WORKFLOW: readonly string[] = [FIELDS.workflow, FIELDS.workflowSha, FIELDS.eventAfter];

/**
 * Marks what should not be believed: a label that the base image has as well, and a commit of another repository than
 * the one that the image is known (or, by a better source, said) to be built from.
 * A label without a repository is believed; its `repoUrl` is absent.
 */
export function doubted(evidence: readonly Evidence[], known: KnownLineage): readonly Evidence[] {
  const configured = repoOf(known.repoUrl);
  const built = configured ?? builtFrom(evidence);
  const bases = [...(known.baseCommits?.values() ?? [])].flat();
  return evidence.map((it) => {
    const doubt = it.doubt ?? elsewhere(it, built, configured !== undefined) ?? inherited(it, bases);
    return doubt ? { ...it, doubt } : it;
  });
}

function builtFrom(evidence: readonly Evidence[]): RepoUrl | undefined {
  const [first] = BUILT_FROM.flatMap((field) =>
    evidence
      .filter((it) => fieldOf(it) === field && !it.doubt)
      .flatMap(({ repoUrl }) => repoOf(repoUrl) ?? []),
  );
  return first;
}

function elsewhere(evidence: Evidence, built: RepoUrl | undefined, isConfigured: boolean): Doubt | undefined {
  const isElsewhere = evidence.tier === 'label' || OF_WORKFLOW.includes(fieldOf(evidence));
  if (!isConfigured && !isElsewhere) return undefined;
  const own = repoOf(evidence.repoUrl);
  return own && built && !sameRepository(own, built) ? 'another-repository' : undefined;
}

function inherited({ tier, commit }: Evidence, bases: readonly string[]): Doubt | undefined {
  return tier === 'label' && bases.some((it) => sameCommit(it, commit)) ? 'inherited' : undefined;
}

function fieldOf({ source }: Evidence): string {
  return 'field' in source ? source.field : '';
}

function repoOf(repoUrl: Untrusted | undefined): RepoUrl | undefined {
  return repoUrl && parseRepoUrl(raw(repoUrl));
}
