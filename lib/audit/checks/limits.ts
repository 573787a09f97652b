import { shortDigest } from '../../image/digest.ts';
import type { RepositoryFacts } from '../facts.ts';
import { type AuditFinding, findingAt } from '../finding.ts';
import { onRepository } from '../fix.ts';

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const MOST_IMAGES = 100_000;
const MOST_TAGS = 1000;
const NEAR = 0.8;
const VERY_NEAR = 0.95;

/** Neither images nor tags are so many that a push fails soon. */
export function checkLimits({ settings, census }: RepositoryFacts): readonly AuditFinding[] {
  const { repository } = settings;
  const { images, mostTags } = census;
  const share = images / MOST_IMAGES;
  return [
    ...(share < NEAR
      ? []
      : [
          findingAt(repository, 'near-image-limit', {
            severity: share < VERY_NEAR ? 'MEDIUM' : 'HIGH',
            reason: `${images} of ${MOST_IMAGES} images (${Math.floor(100 * share)} %): then pushes fail, and with them deployments.`,
            fix: `${onRepository(repository, 'put-lifecycle-policy --lifecycle-policy-text file://lifecycle.json')}, with a rule that keeps fewer`,
          }),
        ]),
    ...(mostTags.digest === undefined || mostTags.count / MOST_TAGS < NEAR
      ? []
      : [
          findingAt(repository, 'near-tag-limit', {
            reason: `The image ${shortDigest(mostTags.digest)} has ${mostTags.count} of ${MOST_TAGS} tags: then it can get no more.`,
            fix: `take old ones off: ${onRepository(repository, 'batch-delete-image --image-ids imageTag=TAG')}`,
          }),
        ]),
  ];
}
