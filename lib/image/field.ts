/** What the fields that name commits are called here; of two sources of one tier and place the one further up counts. */
export const FIELDS = {
  context: 'configSource.digest',
  material: 'material of configSource',
  /** What stands in the directory that was built. */
  vcs: 'vcs.revision',
  /** Of these the commit is that of the workflow, wherever it keeps what it builds. */
  workflow: 'gitCommit',
  workflowSha: 'github_workflow_sha',
  eventAfter: 'github_event_payload.after',
  // https://github.com/opencontainers/image-spec/blob/main/annotations.md
  revision: 'org.opencontainers.image.revision',
} as const;

const ORDER: readonly string[] = Object.values(FIELDS);

/** The place of a field among the others, the best first; those that are not listed come last. */
export function fieldRank(field: string): number {
  const index = ORDER.indexOf(field);
  return index < 0 ? ORDER.length : index;
}
