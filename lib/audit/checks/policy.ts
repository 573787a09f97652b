import { statementsOf } from '../../doctor/policy.ts';
import { foundIn } from '../../doctor/reading.ts';
import type { RepositoryFacts } from '../facts.ts';
import { type AuditFinding, findingAt } from '../finding.ts';
import { onRepository } from '../fix.ts';

/** What one needs to pull: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html */
const READS = /^ecr:(batchget|batchcheck|get|describe|list)/i;

/** The repository policy lets in whom it names, for what they need. Conditions are taken to be meant. */
export function checkPolicy({ settings, policy }: RepositoryFacts): readonly AuditFinding[] {
  const { repository } = settings;
  const allowed = statementsOf(foundIn(policy) ?? '').filter(({ allows }) => allows);
  const open = allowed.filter(({ principals, isConditional }) => !isConditional && principals.includes('*'));
  const fix = `${onRepository(repository, 'set-repository-policy --policy-text file://policy.json')} (RepositoryPolicyText in CloudFormation), naming accounts or roles, and only what pulling takes: ecr:BatchGetImage, ecr:GetDownloadUrlForLayer`;
  if (open.length > 0) {
    const writes = open.some(({ actions }) => actions.some((action) => !READS.test(action)));
    return [
      findingAt(repository, 'policy-public', {
        severity: writes ? 'CRITICAL' : 'HIGH',
        reason: `Its policy lets every account of AWS ${writes ? 'change what is in it' : 'pull from it'}.`,
        fix,
      }),
    ];
  }
  const wide = allowed.filter(({ actions }) =>
    actions.some((it) => it === '*' || it.toLowerCase() === 'ecr:*'),
  );
  if (wide.length === 0) return [];
  const reason =
    'Its policy allows somebody every action: to push, to delete, and to change the policy itself.';
  return [findingAt(repository, 'policy-wide', { reason, fix })];
}
