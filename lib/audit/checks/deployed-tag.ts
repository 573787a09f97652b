import { parseTag } from '../../image/reference.ts';
import { tagForm } from '../../image/tag-form.ts';
import type { RepositoryFacts, RunningImage } from '../facts.ts';
import { type AuditFinding, findingAt } from '../finding.ts';
import { mayMove } from '../settings.ts';
import { runsText } from './words.ts';

/** What a container engine takes when an image is named without a tag. */
const IMPLIED = parseTag('latest');

/** What a task definition names stays what it was when it was deployed: a digest, or a tag that does not move. */
export function checkDeployedTags({ settings, running = [] }: RepositoryFacts): readonly AuditFinding[] {
  const { repository } = settings;
  return running.flatMap(({ digest, runs }) =>
    runs
      .filter((run) => isMoving(run, settings))
      .map((run) =>
        findingAt(repository, 'moving-tag-deployed', {
          ...(tagOf(run) !== IMPLIED && !tagOf(run).endsWith('-latest') && { severity: 'MEDIUM' }),
          reason: `${runsText([run])} by ${run.taskDefinition} names ${repository.name}:${tagOf(run)}, a tag that moves: a task that starts later may run another image.`,
          fix: `name it by digest in the task definition: ${repository.name}@${digest}, or by a tag that stays`,
        }),
      ),
  );
}

type Run = RunningImage['runs'][number];

function tagOf({ tag = IMPLIED }: Run) {
  return tag;
}

function isMoving(run: Run, settings: RepositoryFacts['settings']): boolean {
  if (run.image.includes('@')) return false;
  const tag = tagOf(run);
  return ['mutable', 'floating-version'].includes(tagForm(tag).kind) && mayMove(tag, settings);
}
