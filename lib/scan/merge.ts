import type { PlatformImage } from '../image/manifest.ts';
import type { Instant } from '../instant.ts';
import { type Finding, findingKey, isFixable, worstFirst } from './finding.ts';
import type { PlatformState, Reading, Scan, Scanned } from './scan.ts';
import { bySeverity, countBySeverity, greaterCounts, SEVERITIES } from './severity.ts';

/** One image of a subject with what reading its scan gave. */
export interface PlatformReading {
  readonly image: Pick<PlatformImage, 'digest'> & Partial<PlatformImage>;
  readonly reading: Reading;
}

/**
 * Merges the scans of a subject's platforms; findings that are the same become one that remembers its platforms.
 * Returns undefined when not a single platform could be read.
 */
export function mergeScans(readings: readonly PlatformReading[]): Scan | undefined {
  const scanned = readings.flatMap(({ image, reading }) =>
    reading.state === 'scanned' ? [{ platform: image.platform, scan: reading }] : [],
  );
  const [first] = scanned;
  if (!first) return undefined;
  const findings = mergeFindings(scanned).sort(worstFirst);
  const short = SEVERITIES.filter((it) => scanned.some(({ scan }) => scan.short?.includes(it)));
  const completedAt = latest(scanned.map(({ scan }) => scan.completedAt));
  return {
    type: first.scan.type,
    ...(completedAt && { completedAt }),
    // Never less than AWS counted on any one platform: its counts and its list differ at times.
    counts: scanned.reduce(
      (counts, { scan }) => greaterCounts(counts, scan.counts),
      countBySeverity(findings),
    ),
    ...(first.scan.type === 'enhanced' && { fixable: countBySeverity(findings.filter(isFixable)) }),
    findings,
    platforms: readings.map(platformState),
    ...(short.length > 0 && { short }),
  };
}

/** How far one platform is, for the message and for deciding whether to wait. */
export function platformState({ image, reading }: PlatformReading): PlatformState {
  return {
    digest: image.digest,
    ...(image.platform && { platform: image.platform }),
    state: reading.state,
    ...('status' in reading && { status: reading.status }),
  };
}

function mergeFindings(
  scanned: readonly { readonly platform: string | undefined; readonly scan: Scanned }[],
): Finding[] {
  const [only, another] = scanned;
  // Nothing to compare, and a key for each of 10,000 findings is most of what merging costs.
  if (only && !another) return only.scan.findings.map((it) => join(undefined, it, only.platform));
  const merged = new Map<string, Finding>();
  for (const { platform, scan } of scanned) {
    const here = new Map<string, number>();
    for (const finding of scan.findings) {
      // The same finding twice on one platform is two findings to AWS's counts: keep both.
      const base = findingKey(finding);
      const nth = (here.get(base) ?? 0) + 1;
      here.set(base, nth);
      const key = `${nth} ${base}`;
      merged.set(key, join(merged.get(key), finding, platform));
    }
  }
  return [...merged.values()];
}

/** The worse of two readings of one finding, with the platforms of both. */
function join(known: Finding | undefined, finding: Finding, platform: string | undefined): Finding {
  const worse = known && bySeverity(known, finding) <= 0 ? known : finding;
  return { ...worse, platforms: [...(known?.platforms ?? []), ...(platform ? [platform] : [])] };
}

function latest(times: readonly (Instant | undefined)[]): Instant | undefined {
  return times.reduce<Instant | undefined>(
    (late, time) => (time && (!late || time > late) ? time : late),
    undefined,
  );
}
