import { type Repository, repositoryKey } from '../image/reference.ts';
import { together } from '../together.ts';
import { allPages } from './pages.ts';
import type { ReconcilePorts } from './ports.ts';
import { type RepositoryOutcome, reconcileRepository } from './repository.ts';
import { missingPercent, sumOf, type Tally } from './tally.ts';

/** Repositories that are walked at the same time. */
const AT_ONCE = 5;

/** What one run did. */
export interface Walk extends Omit<Tally, 'isFirst'> {
  readonly repositories: number;
  /** True when the walk came to the end of all repositories; otherwise the next run goes on where it stopped. */
  readonly isWhole: boolean;
  readonly missingPercent: number;
  /** What could not be asked, and why; everything else went on. */
  readonly failures: readonly { readonly where: string; readonly error: Error }[];
}

type Failure = Walk['failures'][number];

/**
 * Walks all registries, finds what AWS never told of and sends it to the queues, until `endsAt`. Running it again
 * goes on where the last run stopped, and sends nothing twice.
 */
export async function reconcile(endsAt: Date, ports: ReconcilePorts): Promise<Walk> {
  const failures: Failure[] = [];
  const [listed, after] = await together([listAccounts(ports, failures), ports.loadCursor()]);
  const left = listed.filter((it) => !after || repositoryKey(it) > after);
  const found: Tally[] = [];
  let done = after;
  for (let start = 0; start < left.length; start += AT_ONCE) {
    if (ports.now() >= endsAt) return stop(false);
    const chunk = left.slice(start, start + AT_ONCE);
    const outcomes = await together(chunk.map((it) => attempt(it, endsAt, ports, failures)));
    found.push(...outcomes.map((outcome) => outcome.found));
    const open = outcomes.findIndex(({ isWhole }) => !isWhole);
    const last = chunk[open < 0 ? chunk.length - 1 : open - 1];
    if (last) done = repositoryKey(last);
    if (open >= 0) return stop(false);
  }
  return stop(true);

  async function stop(isWhole: boolean): Promise<Walk> {
    await ports.saveCursor(isWhole ? undefined : done);
    const repositories = found.length;
    return { repositories, isWhole, ...sumOf(found), missingPercent: missingPercent(found), failures };
  }
}

/** One repository's trouble, or one account's, is not the others'. */
async function attempt(
  repository: Repository,
  endsAt: Date,
  ports: ReconcilePorts,
  failures: Failure[],
): Promise<RepositoryOutcome> {
  try {
    return await reconcileRepository(repository, endsAt, ports);
  } catch (error) {
    failures.push({ where: repositoryKey(repository), error: error as Error });
    return { isWhole: true, found: { ...sumOf([]), isFirst: false } };
  }
}

async function listAccounts(ports: ReconcilePorts, failures: Failure[]): Promise<readonly Repository[]> {
  const all: Repository[] = [];
  for (const account of [undefined, ...ports.members]) {
    try {
      const listed = await allPages(async (token) => {
        await ports.pace();
        return ports.listRepositories(account, token);
      });
      all.push(...listed);
    } catch (error) {
      failures.push({ where: account ?? 'this account', error: error as Error });
    }
  }
  return all.sort((a, b) => (repositoryKey(a) < repositoryKey(b) ? -1 : 1));
}
