import type { Repository } from '../image/reference.ts';
import type { Severity } from '../scan/severity.ts';
import { type CheckId, checkOf } from './catalogue.ts';

/** What is wrong in one place, why, and the command or line that fixes it. */
export interface AuditFinding {
  readonly check: CheckId;
  readonly severity: Severity;
  readonly account: string;
  readonly region: string;
  /** Absent for what concerns the whole registry. */
  readonly repository?: string;
  readonly reason: string;
  readonly fix: string;
}

/** Where a finding is: a repository, or a whole registry. */
export type Place = Pick<Repository, 'account' | 'region'> & { readonly name?: string };

/** Writes one finding; its severity is the check's unless it is milder. */
export function findingAt(
  { account, region, name }: Place,
  check: CheckId,
  { reason, fix, severity }: Pick<AuditFinding, 'reason' | 'fix'> & { readonly severity?: Severity },
): AuditFinding {
  return {
    ...{ check, severity: severity ?? checkOf(check).severity, account, region },
    ...(name !== undefined && { repository: name }),
    ...{ reason, fix },
  };
}

/** A few names out of many, for a sentence. */
export function examplesOf(names: readonly string[], count = names.length): string {
  const shown = names.slice(0, 3);
  const more = count - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
