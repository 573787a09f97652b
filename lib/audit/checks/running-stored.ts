import { shortDigest } from '../../image/digest.ts';
import type { RepositoryFacts } from '../facts.ts';
import { type AuditFinding, findingAt } from '../finding.ts';
import { onRepository } from '../fix.ts';
import { runsText } from './words.ts';

/** What runs can be pulled again: a task that stops is started anew, perhaps on a host that never had the image. */
export function checkStored({ settings, census, running = [] }: RepositoryFacts): readonly AuditFinding[] {
  const { repository } = settings;
  return running.flatMap(({ digest, runs }) => {
    const listed = census.listed.get(digest);
    if (!listed)
      return findingAt(repository, 'running-gone', {
        reason: `${runsText(runs)} runs ${shortDigest(digest)}, which is not in the registry any more: a task that starts anew cannot pull it.`,
        fix: `build and push it again, or deploy an image that is there; then let the lifecycle policy keep what runs: ${onRepository(repository, 'get-lifecycle-policy')}`,
      });
    if (!listed.isArchived) return [];
    return findingAt(repository, 'running-archived', {
      reason: `${runsText(runs)} runs ${shortDigest(digest)}, which is archived: a task that starts anew cannot pull it.`,
      fix: onRepository(
        repository,
        `update-image-storage-class --image-id imageDigest=${digest} --target-storage-class STANDARD`,
      ),
    });
  });
}
