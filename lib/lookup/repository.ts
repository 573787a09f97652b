import type { NamedRepository } from '../image/found.ts';
import type { Reference } from '../image/reference.ts';
import { type Ambiguous, type NotFound, notFound } from './missing.ts';
import type { LookupPorts } from './ports.ts';

/** The one repository that a reference means. */
export interface Place extends NamedRepository {
  readonly found: 'one';
  /** It was given whole, so that nothing was read: neither whether it exists nor when it was verified. */
  readonly isUnread: boolean;
}

/**
 * Finds the one repository that a reference means; its name alone is enough when it is the only one. One that is
 * given with account and region is not asked for: nothing is known of it if it does not exist.
 */
export async function findRepository(
  { name, account, region }: Pick<Reference, 'name' | 'account' | 'region'>,
  ports: LookupPorts,
): Promise<Place | NotFound | Ambiguous> {
  if (account && region) return { found: 'one', repository: { account, region, name }, isUnread: true };
  const candidates = (await ports.findRepositories(name)).filter(
    ({ repository: it }) => (account ?? it.account) === it.account && (region ?? it.region) === it.region,
  );
  const [only] = candidates;
  if (!only) return notFound(`no push to a repository called ${name} has been recorded`);
  if (candidates.length > 1)
    return { found: 'several', candidates: candidates.map(({ repository }) => repository) };
  return { found: 'one', ...only, isUnread: false };
}
