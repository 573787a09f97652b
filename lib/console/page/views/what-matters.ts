import { raw } from '../../../image/untrusted.ts';
import type { KeptFinding } from '../../../scan/scan-findings.ts';
import { bySeverity } from '../../../scan/severity.ts';

const FIXES = { all: 2, some: 1, none: 0 } as const;

/** What matters first: the worst, of these what can be fixed, of these the higher score. */
export function byWhatMatters(a: KeptFinding, b: KeptFinding): number {
  const fixOf = ({ fix }: KeptFinding) => (fix ? FIXES[fix] : 0);
  return (
    bySeverity(a, b) ||
    fixOf(b) - fixOf(a) ||
    (b.score ?? 0) - (a.score ?? 0) ||
    (raw(a.id) < raw(b.id) ? -1 : 1)
  );
}
