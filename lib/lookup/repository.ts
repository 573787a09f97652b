import type { Reference, Repository } from '../image/reference.ts';
import { type Ambiguous, type NotFound, notFound } from './missing.ts';
import type { LookupPorts } from './ports.ts';

/**
 * Finds the one repository that a reference means; its name alone is enough when it is the only one. One that is
 * given with account and region is not asked for: nothing is known of it if it does not exist.
 */
export async function findRepository(
  { name, account, region }: Pick<Reference, 'name' | 'account' | 'region'>,
  ports: LookupPorts,
): Promise<{ readonly found: 'one'; readonly repository: Repository } | NotFound | Ambiguous> {
  if (account && region) return { found: 'one', repository: { account, region, name } };
  const candidates = (await ports.findRepositories(name)).filter(
    (it) => (account ?? it.account) === it.account && (region ?? it.region) === it.region,
  );
  const [repository] = candidates;
  if (!repository) return notFound(`no push to a repository called ${name} has been recorded`);
  return candidates.length > 1 ? { found: 'several', candidates } : { found: 'one', repository };
}
