import * as config from '../config.ts';
import type { Repository } from '../image/reference.ts';
import { toInstant } from '../instant.ts';
import { onceWithin } from '../once.ts';
import type { AppliedPolicy } from '../policy/document.ts';
import { policyFor } from '../policy/effective.ts';
import type { Policy } from '../policy/policy.ts';
import { loadPolicy } from '../store/policy.ts';
import type { Table } from '../store/table.ts';
import { now } from './connect.ts';

// The composition root of the policy, as functions read it.

/** What somebody applies holds after a minute at the latest, for one request of each process in that time. */
const REMEMBER_MS = 60_000;

/** Repositories whose settings one process keeps. */
const MOST_KEPT = 10_000;

/**
 * What holds for a repository now. When the ledger cannot be read it throws, and the message comes again: nothing is
 * answered by a policy that may not hold any more, and without the ledger nothing could be answered anyway.
 */
export function policies(
  env: config.Environment,
  ledger: Table,
): (repository: Pick<Repository, 'name'>) => Promise<Policy> {
  const defaults = config.policyOf(env);
  const current = onceWithin(
    REMEMBER_MS,
    () => '',
    (_: undefined) => loadPolicy(ledger),
  );
  let kept:
    | { readonly by: AppliedPolicy; readonly day: string; readonly of: Map<string, Policy> }
    | undefined;
  return async ({ name }) => {
    const applied = await current(undefined);
    if (!applied) return defaults;
    const at = toInstant(now());
    const day = at.slice(0, 10);
    if (kept?.by !== applied || kept.day !== day || kept.of.size >= MOST_KEPT)
      kept = { by: applied, day, of: new Map() };
    const policy = kept.of.get(name) ?? policyFor(name, applied.document, defaults, at);
    kept.of.set(name, policy);
    return policy;
  };
}
