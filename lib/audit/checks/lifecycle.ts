import type { RepositoryFacts } from '../facts.ts';
import { type AuditFinding, findingAt } from '../finding.ts';
import { onRepository } from '../fix.ts';

/** Something removes what nobody needs; what it would remove is not judged here. */
export function checkLifecycle({ settings, lifecycle, census }: RepositoryFacts): readonly AuditFinding[] {
  if (lifecycle.state !== 'absent') return [];
  const { repository } = settings;
  return [
    findingAt(repository, 'lifecycle-none', {
      reason: `It has no lifecycle policy: its ${census.images} images stay for ever, and are paid for.`,
      fix: `${onRepository(repository, 'put-lifecycle-policy --lifecycle-policy-text file://lifecycle.json')} (LifecyclePolicy in CloudFormation)`,
    }),
  ];
}
