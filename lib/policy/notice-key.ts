import { fingerprint, scanKey } from '../scan/compare.ts';
import type { Scan } from '../scan/scan.ts';
import type { Subject } from './notice.ts';
import type { OpenFindings } from './open-findings.ts';
import type { Policy } from './policy.ts';
import type { Baseline } from './tracked.ts';

/** What a subject shows: the reading, and the ids that are open in it at or above the threshold. */
export interface Seen {
  readonly scanKey: string;
  readonly ids: readonly string[];
}

/** Names what was read, and the policy that it was seen under: the same scan under another one is another reading. */
export function readingKey(scan: Scan, { mark }: Pick<Policy, 'mark'>): string {
  return mark === undefined ? scanKey(scan) : fingerprint([scanKey(scan), mark]);
}

/**
 * The key of a notice about what is open, or about that nothing is: the set, or the reading that is clear. Where
 * people last heard the contrary of one of the references (a tag went back to an image with findings, or findings
 * came back), or heard it under another policy (a rule expired), or when a reminder `isDue`, what they heard is part of
 * the key: this is another occasion, and it speaks.
 *
 * Made of what was told, never of a time: whoever answers the same reading a second time, after a crash with some
 * of the baselines written, comes to the same key.
 */
export function noticeKey(
  { image }: Subject,
  { scanKey: key, ids }: Seen,
  tracked: readonly Baseline[],
  { isDue, mark }: { readonly isDue: boolean; readonly mark?: string | undefined },
): string {
  const name = ids.length === 0 ? `resolved-${key}` : `open-${fingerprint(ids)}`;
  const told = tracked.flatMap(({ open }) => (open?.toldAt ? [open] : []));
  const isContrary = (open: OpenFindings) =>
    open.policyMark !== mark || (open.ids.length === 0) !== (ids.length === 0);
  const heard = lastOf(isDue ? told : told.filter(isContrary));
  const sameReading = told.filter((it) => it.digest === image.digest && it.scanKey === key && it.toldAs);
  const said = isDue ? undefined : lastOf(sameReading);
  if (said?.toldAs && (said.toldAt ?? '') > (heard?.toldAt ?? '')) return said.toldAs;
  return heard ? `${name}-after-${fingerprint([heard.toldAs ?? String(heard.toldAt)])}` : name;
}

function lastOf(told: readonly OpenFindings[]): OpenFindings | undefined {
  return [...told].sort((a, b) => ((a.toldAt ?? '') < (b.toldAt ?? '') ? -1 : 1)).at(-1);
}
