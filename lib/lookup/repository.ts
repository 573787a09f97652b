import type { Reference, Repository } from '../image/reference.ts';
import { type Ambiguous, type NotFound, notFound } from './missing.ts';
import type { LookupPorts } from './ports.ts';

/** Finds the one repository that a reference means; its name alone is enough when it is the only one. */
export async function findRepository(
  { name, account, region }: Pick<Reference, 'name' | 'account' | 'region'>,
  ports: LookupPorts,
): Promise<{ readonly found: 'one'; readonly repository: Repository } | NotFound | Ambiguous> {
  const candidates = (await ports.findRepositories(name)).filter(
    (it) => (account ?? it.account) === it.account && (region ?? it.region) === it.region,
  );
  const [repository] = candidates;
  if (!repository) return notFound(`no push to a repository called ${name} has been recorded`);
  return candidates.length > 1 ? { found: 'several', candidates } : { found: 'one', repository };
}
