import { repositoryKey } from '../image/reference.ts';
import type { AuditPorts } from './ports.ts';
import { type Audited, auditRepository, type RepositoryOutcome } from './repository.ts';
import type { RepositorySettings } from './settings.ts';

/** Repositories that are looked at at the same time; the pace bounds what of it reaches the registry. */
const AT_ONCE = 16;
/** So many failures in a row are nobody's own: an expired login, or a registry that is down. */
const MOST_FAILURES = 2 * AT_ONCE;

/** How an audit is watched, stopped, and gone on with. */
export interface Watching {
  /** What an earlier run found, by repository: it is not looked at again. */
  readonly done: ReadonlyMap<string, RepositoryOutcome>;
  readonly onDone: (key: string, outcome: RepositoryOutcome, progress: Progress) => void;
  readonly isStopped: () => boolean;
}

interface Progress {
  readonly done: number;
  readonly of: number;
}

/** A repository that could not be read, and why. */
export interface Failure {
  readonly repository: string;
  readonly why: string;
}

/** One repository's trouble is not the others'; too many in a row end the walk. */
export async function walk(
  asked: readonly RepositorySettings[],
  audited: Audited,
  ports: AuditPorts,
  { done, onDone, isStopped }: Watching,
): Promise<{ outcomes: Map<string, RepositoryOutcome>; failures: readonly Failure[] }> {
  const outcomes = new Map<string, RepositoryOutcome>();
  const failures: Failure[] = [];
  const queue = asked.values();
  let inARow = 0;
  const visit = async (settings: RepositorySettings) => {
    const key = repositoryKey(settings.repository);
    const before = done.get(key);
    const outcome = before ?? (await auditRepository(settings, audited, ports));
    outcomes.set(key, outcome);
    inARow = 0;
    if (!before) onDone(key, outcome, { done: outcomes.size, of: asked.length });
  };
  const work = async () => {
    for (const settings of queue) {
      if (isStopped() || inARow >= MOST_FAILURES) return;
      await visit(settings).catch((error: Error) => {
        if (isStopped()) return;
        inARow += 1;
        failures.push({ repository: settings.repository.name, why: `${error.name}: ${error.message}` });
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { outcomes, failures };
}
