import { shortDigest } from '../../image/digest.ts';
import { commitOf } from '../../image/record.ts';
import type { RepositoryFacts } from '../facts.ts';
import { type AuditFinding, examplesOf, findingAt } from '../finding.ts';
import { runsText } from './words.ts';

const FIX =
  'tag what CI builds with its commit, as v1.2.3-abc1234, or set org.opencontainers.image.revision; for this one: scan-response declare';

/** One can say what was built into an image: by a tag, by its documents, or because somebody declared it. */
export function checkCommits({ settings, running = [], unnamed }: RepositoryFacts): readonly AuditFinding[] {
  const { repository } = settings;
  // What is not on record is not known to lead nowhere.
  const blind = running.filter(({ record }) => record && !record.isUpstream && !commitOf(record));
  return [
    ...blind.map(({ digest, runs }) =>
      findingAt(repository, 'running-without-commit', {
        reason: `${runsText(runs)} runs ${shortDigest(digest)}, and nothing tells which commit that is.`,
        fix: `${FIX} --image ${repository.name}@${digest} --commit SHA`,
      }),
    ),
    ...(unnamed && unnamed.tags.length > 0
      ? [
          findingAt(repository, 'tags-without-commit', {
            reason: `${unnamed.tags.length} tagged images lead to no commit: ${examplesOf(unnamed.tags)}.`,
            fix: FIX,
          }),
        ]
      : []),
  ];
}
