import { parseTag, type Repository } from '../image/reference.ts';
import { toInstant } from '../instant.ts';
import type { LookupPorts } from '../lookup/ports.ts';
import type { PastFacts } from './facts.ts';

/** Moves of the tag that are read: one that was pushed and deleted has two. */
const MOVES = 10;

/** What the lineage knows of a name that the registry does not have. Throws what the tables' client throws. */
export async function recall(
  ports: Pick<LookupPorts, 'findRepositories' | 'loadHistory' | 'now'>,
  repository: Repository,
  tag: string,
): Promise<PastFacts> {
  const [named, history] = await Promise.all([
    ports.findRepositories(repository.name),
    ports.loadHistory({ repository, tag: parseTag(tag) }, { at: toInstant(ports.now()), limit: MOVES }),
  ]);
  const [last] = history;
  const was = history.find(({ digest }) => digest)?.digest;
  return {
    elsewhere: named.map((it) => it.repository),
    ...(last?.op === 'delete' && { deletedAt: last.at }),
    ...(last?.op === 'delete' && last.actor && { deletedBy: last.actor }),
    ...(was && { was }),
  };
}
