import { safeText, untrusted } from '../../image/untrusted.ts';
import type { RepositoryFacts } from '../facts.ts';
import { type AuditFinding, examplesOf, findingAt } from '../finding.ts';
import { onRepository } from '../fix.ts';

const PUT =
  'put-image-tag-mutability --image-tag-mutability IMMUTABLE_WITH_EXCLUSION --image-tag-mutability-exclusion-filters filterType=WILDCARD,filter=*latest';

/** In production a name of a release stays with its image. For production repositories only. */
export function checkMutability({ settings, census }: RepositoryFacts): readonly AuditFinding[] {
  const { repository, mutability, exclusions } = settings;
  const fix = `${onRepository(repository, PUT.replace('*latest', "'*latest'"))} (ImageTagMutability: IMMUTABLE_WITH_EXCLUSION in CloudFormation)`;
  if (mutability === 'MUTABLE')
    return [
      findingAt(repository, 'tags-mutable', {
        reason:
          'It is production and every tag can be moved: what a tag names today may be another image tomorrow.',
        fix,
      }),
    ];
  const { count, examples } = census.movable;
  if (count === 0) return [];
  return [
    findingAt(repository, 'tags-movable', {
      reason: `It is production, ${mutability} with ${safeText(untrusted(exclusions.join(', ')))}, and that lets ${examplesOf(examples, count)} be moved.`,
      fix,
    }),
  ];
}
