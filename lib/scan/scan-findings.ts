import { raw, type Untrusted } from '../image/untrusted.ts';
import type { Finding } from './finding.ts';
import type { ScanFact } from './scan.ts';
import { bySeverity, type Severity } from './severity.ts';

/** A finding as far as two scans are compared. */
export interface FoundId {
  readonly id: Untrusted;
  readonly severity: Severity;
}

/** A finding as the ledger keeps it. */
export type KeptFinding = FoundId & Partial<Pick<Finding, 'packages' | 'score' | 'fix' | 'platforms'>>;

/** A scan and what it found, one entry for each finding. */
export interface ScanFindings {
  readonly fact: ScanFact;
  readonly found: readonly KeptFinding[];
  /** False when the list is known to be shorter than what there is. */
  readonly isWhole: boolean;
}

/** What one scan has that another has not, each id once, the worst first. */
export interface ScanChange {
  readonly appeared: readonly FoundId[];
  readonly gone: readonly FoundId[];
  /** Why the lists may be wrong: another scanner, or a list that is not whole. */
  readonly doubt?: 'another-scanner' | 'list-incomplete';
}

/** Compares what two scans found, by the ids of the findings. */
export function changeBetween(before: ScanFindings, after: ScanFindings): ScanChange {
  const [old, recent] = [idsIn(before), idsIn(after)];
  const missingIn = (ids: ReadonlyMap<string, FoundId>, other: ReadonlyMap<string, FoundId>) =>
    [...other].flatMap(([id, found]) => (ids.has(id) ? [] : found)).sort(bySeverity);
  const doubt = doubtIn(before, after);
  return {
    appeared: missingIn(old, recent),
    gone: missingIn(recent, old),
    ...(doubt && { doubt }),
  };
}

function idsIn({ found }: ScanFindings): ReadonlyMap<string, FoundId> {
  const byId = new Map<string, FoundId>();
  for (const { id, severity } of [...found].sort(bySeverity))
    if (!byId.has(raw(id))) byId.set(raw(id), { id, severity });
  return byId;
}

function doubtIn(before: ScanFindings, after: ScanFindings): ScanChange['doubt'] {
  if (before.fact.type !== after.fact.type) return 'another-scanner';
  return before.isWhole && after.isWhole ? undefined : 'list-incomplete';
}
