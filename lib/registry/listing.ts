import type { ImageScanFindings } from '@aws-sdk/client-ecr';
import { toInstant } from '../instant.ts';
import type { Finding } from '../scan/finding.ts';
import type { Scanned } from '../scan/scan.ts';
import {
  countBySeverity,
  differenceOf,
  mapSeverities,
  NO_FINDINGS,
  SEVERITIES,
  type Severity,
  toCounts,
  toSeverity,
  total,
} from '../scan/severity.ts';
import { fromBasic, fromEnhanced, isOpen } from './finding.ts';

/** What the pages of one scan have said so far. Nothing in it holds on to a page: those are ten times as large. */
export interface Listing {
  /** As the first page has it. */
  readonly completedAt: Date | undefined;
  /** AWS's counts of the whole image, as the first page that has them. */
  stated: ImageScanFindings['findingSeverityCounts'];
  /** Basic or enhanced by shape: enhanced scanning on push says COMPLETE too. An empty list is one, on any page. */
  isEnhanced: boolean;
  /** What each scanner lists that is open. */
  readonly basic: Finding[];
  readonly enhanced: Finding[];
  /** Everything that is listed, suppressed and closed findings too: whether something is missing is about the list. */
  readonly listed: Record<Severity, number>;
}

/** Takes out of a page what is kept of it; `listing` is what the pages before it gave, if they gave anything. */
export function addPage(
  listing: Listing | undefined,
  { imageScanCompletedAt, findingSeverityCounts, findings = [], enhancedFindings }: ImageScanFindings,
): Listing {
  const so = listing ?? startListing(imageScanCompletedAt);
  so.stated ??= findingSeverityCounts;
  so.isEnhanced ||= enhancedFindings !== undefined;
  for (const finding of findings) {
    so.listed[toSeverity(finding.severity)] += 1;
    so.basic.push(fromBasic(finding));
  }
  for (const finding of enhancedFindings ?? []) {
    so.listed[toSeverity(finding.severity)] += 1;
    if (isOpen(finding)) so.enhanced.push(fromEnhanced(finding));
  }
  return so;
}

function startListing(completedAt: Date | undefined): Listing {
  return {
    ...{ completedAt, stated: undefined, isEnhanced: false },
    ...{ basic: [], enhanced: [], listed: { ...NO_FINDINGS } },
  };
}

/** The scan when all its pages are in; undefined when none of them had counts, and so no findings yet. */
export function toScanned({
  completedAt,
  stated,
  isEnhanced,
  basic,
  enhanced,
  listed,
}: Listing): Scanned | undefined {
  if (!stated) return undefined;
  const findings = isEnhanced ? enhanced : basic;
  const counted = toCounts(stated);
  const open = countBySeverity(findings);
  const short = SEVERITIES.filter((severity) => counted[severity] > listed[severity]);
  return {
    state: 'scanned',
    type: isEnhanced ? 'enhanced' : 'basic',
    ...(completedAt && { completedAt: toInstant(completedAt) }),
    // Recorded answers list a CRITICAL that their counts leave out, and AWS does not say whether it counts what is
    // suppressed: a list that holds as many as are counted is believed, else the count, which is never too small.
    counts: mapSeverities((severity) => (short.includes(severity) ? counted[severity] : open[severity])),
    findings,
    ...(total(listed) > total(open) && { dismissed: differenceOf(listed, open) }),
    ...(short.length > 0 && { short }),
  };
}
