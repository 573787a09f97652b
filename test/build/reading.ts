import { untrusted } from '../../lib/image/untrusted.ts';
import type { Pending, Scanned, Unscannable } from '../../lib/scan/scan.ts';
import { countBySeverity, type Severity } from '../../lib/scan/severity.ts';
import { at } from './lineage.ts';
import { aFinding } from './notice.ts';

/** The scan of one image, finished at a time, with these findings of one severity. */
export function aReading(ids: readonly string[], severity: Severity = 'CRITICAL', time = '02:01'): Scanned {
  const findings = ids.map((id) => aFinding({ id: untrusted(id), severity }));
  return {
    state: 'scanned',
    type: 'enhanced',
    completedAt: at(time),
    counts: countBySeverity(findings),
    findings,
  };
}

export function aPending(status = 'PENDING'): Pending {
  return { state: 'pending', status };
}

export function anUnscannable(status = 'UNSUPPORTED_IMAGE'): Unscannable {
  return { state: 'unscannable', status };
}
