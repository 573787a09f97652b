import type { Repository } from '../image/reference.ts';
import { SEVERITIES, type Severity } from '../scan/severity.ts';
import { CHECK_IDS, type CheckId, checkOf } from './catalogue.ts';
import type { RepositoryOutcome } from './repository.ts';

/** How many findings of one check and severity a registry has. */
export interface AuditCount {
  readonly account: string;
  readonly region: string;
  readonly check: string;
  readonly severity: Severity;
  readonly count: number;
}

/** What was found in one registry so far. */
export interface RegistryTally extends Pick<Repository, 'account' | 'region'> {
  readonly repositories: number;
  /** By check, then by severity. */
  readonly found: Readonly<Record<string, Readonly<Partial<Record<Severity, number>>>>>;
  /** Checks that were not made everywhere: of those a zero is not known to be one. */
  readonly unread: readonly CheckId[];
}

/**
 * What takes the registry's scanning configuration: an action without a resource, which no function has; the doctor and
 * the command ask for it. Or all names at once.
 */
const NOT_DAILY: ReadonlySet<CheckId> = new Set([
  ...(['scan-off', 'scan-unheard', 'scan-filter-idle', 'running-scan-old'] as const),
  'near-repository-limit',
]);

export const DAILY_CHECKS: readonly CheckId[] = CHECK_IDS.filter((id) => !NOT_DAILY.has(id));

/** The tally with one more repository; without an outcome it could not be read. */
export function withRepository(
  { account, region, ...before }: RegistryTally,
  outcome: RepositoryOutcome | undefined,
): RegistryTally {
  const found = { ...before.found };
  for (const { check, severity } of outcome?.findings ?? []) {
    found[check] = { ...found[check], [severity]: (found[check]?.[severity] ?? 0) + 1 };
  }
  const unread = new Set([...before.unread, ...unreadIn(outcome)]);
  return { account, region, repositories: before.repositories + 1, found, unread: [...unread] };
}

function unreadIn(outcome: RepositoryOutcome | undefined): readonly CheckId[] {
  if (!outcome) return DAILY_CHECKS;
  // The two checks of the repository policy read the same.
  return outcome.unread.flatMap(({ check }) =>
    check === 'policy-public' ? ([check, 'policy-wide'] as const) : check,
  );
}

/** The counts of every check, with the zeros that are known to be zeros: a monitor recovers on them. */
export function countsOf({ account, region, found, unread }: RegistryTally): readonly AuditCount[] {
  return DAILY_CHECKS.flatMap((check) => {
    const { severity: worst, milder } = checkOf(check);
    const counts = found[check] ?? {};
    const told = SEVERITIES.filter(
      (it) => (counts[it] ?? 0) > 0 || (!unread.includes(check) && (it === worst || it === milder)),
    );
    return told.map((severity) => ({ account, region, check, severity, count: counts[severity] ?? 0 }));
  });
}
