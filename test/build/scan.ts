import type { Finding } from '../../lib/scan/finding.ts';
import type { Scan } from '../../lib/scan/scan.ts';
import { countBySeverity } from '../../lib/scan/severity.ts';
import { aDigest, at } from './lineage.ts';
import { aFinding } from './notice.ts';

/** A scan of one image whose counts are those of its findings. */
export function aScan(overrides: Partial<Scan> = {}): Scan {
  const findings: readonly Finding[] = overrides.findings ?? [aFinding()];
  return {
    type: 'enhanced',
    completedAt: at('02:01'),
    counts: countBySeverity(findings),
    fixable: countBySeverity(findings.filter(({ fix }) => fix === 'all')),
    findings,
    platforms: [{ digest: aDigest('a'), state: 'scanned' }],
    ...overrides,
  };
}
