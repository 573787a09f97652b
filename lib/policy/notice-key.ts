import { fingerprint } from '../scan/compare.ts';
import type { Subject } from './notice.ts';
import type { OpenFindings } from './open-findings.ts';
import type { Baseline } from './tracked.ts';

/** What a subject shows: the reading, and the ids that are open in it at or above the threshold. */
export interface Seen {
  readonly scanKey: string;
  readonly ids: readonly string[];
}

/**
 * The key of a notice about what is open, or about that nothing is: the set, or the reading that is clear. Where
 * people last heard the contrary of one of the references (a tag went back to an image with findings, or findings
 * came back), or when a reminder `isDue`, what they heard is part of the key: this is another occasion, and it speaks.
 *
 * Made of what was told, never of a time: whoever answers the same reading a second time, after a crash with some
 * of the baselines written, comes to the same key.
 */
export function noticeKey(
  { image }: Subject,
  { scanKey, ids }: Seen,
  tracked: readonly Baseline[],
  isDue: boolean,
): string {
  const name = ids.length === 0 ? `resolved-${scanKey}` : `open-${fingerprint(ids)}`;
  const told = tracked.flatMap(({ open }) => (open?.toldAt ? [open] : []));
  const isContrary = (open: OpenFindings) => (open.ids.length === 0) !== (ids.length === 0);
  const heard = lastOf(isDue ? told : told.filter(isContrary));
  const sameReading = told.filter((it) => it.digest === image.digest && it.scanKey === scanKey && it.toldAs);
  const said = isDue ? undefined : lastOf(sameReading);
  if (said?.toldAs && (said.toldAt ?? '') > (heard?.toldAt ?? '')) return said.toldAs;
  return heard ? `${name}-after-${fingerprint([heard.toldAs ?? String(heard.toldAt)])}` : name;
}

function lastOf(told: readonly OpenFindings[]): OpenFindings | undefined {
  return [...told].sort((a, b) => ((a.toldAt ?? '') < (b.toldAt ?? '') ? -1 : 1)).at(-1);
}
