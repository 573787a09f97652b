import { raw } from '../image/untrusted.ts';
import { idsAtLeast } from '../scan/compare.ts';
import type { Finding } from '../scan/finding.ts';
import type { Scan } from '../scan/scan.ts';
import { atLeast, SEVERITIES, type Severity, type SeverityCounts } from '../scan/severity.ts';
import type { Sifted } from './ignore.ts';
import type { Policy } from './policy.ts';
import type { Baseline } from './tracked.ts';

type Threshold = Pick<Policy, 'notifyAt' | 'onlyFixable' | 'mark'>;

const NOT_LISTED = ' not listed';

/**
 * The ids at or above the threshold. AWS's counts and its list differ at times: each that is counted but not
 * listed gets an id of its own, so that one more speaks too and one less does not.
 */
export function openIds(scan: Scan, threshold: Severity, onlyFixable = false): readonly string[] {
  const listed = scan.findings.filter(({ severity }) => atLeast(severity, threshold));
  const length = Math.max(0, countAtLeast(scan.counts, threshold) - listed.length);
  const unlisted = Array.from({ length }, (_, index) => `${index + 1}${NOT_LISTED}`);
  return [...idsAtLeast(onlyFixable ? listed.filter(mayBeFixed) : listed, threshold), ...unlisted];
}

/** Basic scanning does not say what has a fix: only what is known to have none is left out. */
export function mayBeFixed({ fix }: Finding): boolean {
  return fix !== 'none';
}

/**
 * The ids that were open on one of the references and are not there any more. What rules ignore, or what has no fix
 * where only fixes are asked for, is there all the same; and under another policy than before only what is not found
 * at all is gone: the rest may be below another threshold.
 */
export function closedIds(
  tracked: readonly Baseline[],
  { scan, ignored }: Sifted,
  ids: readonly string[],
  { notifyAt, mark }: Threshold,
): ReadonlySet<string> {
  const aside = new Set(
    [...ignored, ...scan.findings.filter(({ severity }) => atLeast(severity, notifyAt))].map(({ id }) =>
      raw(id),
    ),
  );
  const found = new Set([...ignored, ...scan.findings].map(({ id }) => raw(id)));
  const isLeft = (id: string, mayBeLower: boolean) =>
    aside.has(id) || ids.includes(id) || (mayBeLower && (found.has(id) || id.endsWith(NOT_LISTED)));
  return new Set(
    tracked.flatMap(({ open }) => open?.ids.filter((id) => !isLeft(id, open.policyMark !== mark)) ?? []),
  );
}

function countAtLeast(counts: SeverityCounts, threshold: Severity): number {
  return SEVERITIES.filter((severity) => atLeast(severity, threshold)).reduce(
    (sum, it) => sum + counts[it],
    0,
  );
}
