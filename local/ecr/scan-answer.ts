import { epochSeconds, withEpochSeconds } from './timestamp.ts';

/** One finding of a basic scan; the package stands in `attributes`. */
export interface BasicFinding {
  readonly name: string;
  readonly severity: string;
  readonly description?: string;
  readonly uri?: string;
  readonly attributes?: readonly { readonly key: string; readonly value?: string }[];
}

/** What DescribeImageScanFindings says about one digest; what is left out stays left out on the wire. */
export interface ScanAnswer {
  readonly status: string;
  readonly description?: string | undefined;
  readonly completedAt?: Date | undefined;
  readonly sourceUpdatedAt?: Date | undefined;
  readonly counts?: Readonly<Record<string, number>> | undefined;
  readonly findings?: readonly BasicFinding[] | undefined;
  /** Present, even when empty, only if Amazon Inspector did the scan. Dates in any form that `parseDate` reads. */
  readonly enhancedFindings?: readonly unknown[] | undefined;
}

/** AWS documents FAILED and COMPLETE for the event; that the other two end as FAILED is our reading. */
const failedStatuses: readonly string[] = ['FAILED', 'UNSUPPORTED_IMAGE', 'LIMIT_EXCEEDED'];

/** Whether the scan ended without an answer, so that the event of a basic scan says FAILED. */
export function isFailed({ status }: ScanAnswer): boolean {
  return failedStatuses.includes(status);
}

/** Whether Amazon Inspector did the scan; only its continuous scans are ever ACTIVE. */
export function isEnhanced({ status, enhancedFindings }: ScanAnswer): boolean {
  return enhancedFindings !== undefined || status === 'ACTIVE';
}

/**
 * The answer as it goes over the wire: dates as epoch seconds, nothing invented.
 * Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
 */
export function scanDocument(answer: ScanAnswer): Readonly<Record<string, unknown>> {
  // JSON.stringify leaves out what is undefined, so absent fields stay absent.
  const imageScanFindings = {
    imageScanCompletedAt: epochSeconds(answer.completedAt),
    vulnerabilitySourceUpdatedAt: epochSeconds(answer.sourceUpdatedAt),
    findingSeverityCounts: answer.counts,
    findings: answer.findings,
    enhancedFindings: withEpochSeconds(answer.enhancedFindings),
  };
  const hasFindings = Object.values(imageScanFindings).some((field) => field !== undefined);
  return {
    imageScanStatus: { status: answer.status, description: answer.description },
    ...(hasFindings && { imageScanFindings }),
  };
}
