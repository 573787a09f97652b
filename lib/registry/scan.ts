import {
  DescribeImageScanFindingsCommand,
  type DescribeImageScanFindingsResponse,
  type ECRClient,
  type ImageScanFindings,
} from '@aws-sdk/client-ecr';
import type { Image } from '../image/reference.ts';
import { untrusted } from '../image/untrusted.ts';
import { toInstant } from '../instant.ts';
import type { Finding } from '../scan/finding.ts';
import type { Reading, Scanned } from '../scan/scan.ts';
import {
  countBySeverity,
  differenceOf,
  mapSeverities,
  SEVERITIES,
  toCounts,
  toSeverity,
  total,
} from '../scan/severity.ts';
import { isAbsent } from './absent.ts';
import { fromBasic, fromEnhanced, isOpen } from './finding.ts';

/** The most that one page may hold; ECR gives enhanced findings by the hundred all the same (boto/boto3#3449). */
const PAGE_SIZE = 1000;

/**
 * Reads the scan of one image by digest, all pages. Never takes a scan that cannot be read for a clean one:
 * without a counts object the findings are not there yet (aws/aws-sdk#289), while `{}` is clean.
 * Throws the SDK's error when ECR cannot be asked.
 */
export async function findScan(ecr: ECRClient, image: Image): Promise<Reading> {
  try {
    return toReading(await readPages(ecr, image));
  } catch (error) {
    if (isAbsent(error)) return { state: 'gone' };
    if (error instanceof Error && error.name === 'ScanNotFoundException') {
      return { state: 'pending', status: 'NOT_FOUND' };
    }
    throw error;
  }
}

function toReading(pages: readonly DescribeImageScanFindingsResponse[]): Reading {
  const { status = 'UNKNOWN', description } = pages[0]?.imageScanStatus ?? {};
  if (isReadable(status)) return toScanned(pages) ?? { state: 'pending', status };
  if (isWaiting(status)) return { state: 'pending', status };
  return { state: 'unscannable', status, ...(description && { description: untrusted(description) }) };
}

async function readPages(ecr: ECRClient, { repository, digest }: Image) {
  const pages: DescribeImageScanFindingsResponse[] = [];
  let nextToken: string | undefined;
  do {
    const page: DescribeImageScanFindingsResponse = await ecr.send(
      new DescribeImageScanFindingsCommand({
        registryId: repository.account,
        repositoryName: repository.name,
        imageId: { imageDigest: digest },
        maxResults: PAGE_SIZE,
        nextToken,
      }),
    );
    pages.push(page);
    nextToken = page.nextToken;
  } while (nextToken);
  return pages;
}

/** Findings may still come. FINDINGS_UNAVAILABLE: Inspector has none to give now. */
export function isWaiting(status: string): boolean {
  return ['PENDING', 'IN_PROGRESS', 'FINDINGS_UNAVAILABLE'].includes(status);
}

/** COMPLETE: basic, or enhanced on push. ACTIVE: enhanced, continuous. Every other status has no findings. */
export function isReadable(status: string): boolean {
  return status === 'COMPLETE' || status === 'ACTIVE';
}

function toScanned(pages: readonly DescribeImageScanFindingsResponse[]): Scanned | undefined {
  const found = pages.flatMap(({ imageScanFindings }) => imageScanFindings ?? []);
  const stated = found.find(({ findingSeverityCounts }) => findingSeverityCounts)?.findingSeverityCounts;
  if (!stated) return undefined;
  // Basic or enhanced by shape: enhanced scanning on push says COMPLETE too.
  const isEnhanced = found.some(({ enhancedFindings }) => enhancedFindings !== undefined);
  const findings: Finding[] = isEnhanced
    ? found.flatMap(({ enhancedFindings }) => (enhancedFindings ?? []).filter(isOpen).map(fromEnhanced))
    : found.flatMap(({ findings }) => (findings ?? []).map(fromBasic));
  const counted = toCounts(stated);
  const listed = countBySeverity(found.flatMap(listedIn));
  const open = countBySeverity(findings);
  const short = SEVERITIES.filter((severity) => counted[severity] > listed[severity]);
  const completedAt = found[0]?.imageScanCompletedAt;
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

/** Everything that a page lists, suppressed and closed findings too: whether something is missing is about the list. */
function listedIn({ findings = [], enhancedFindings = [] }: ImageScanFindings) {
  return [...findings, ...enhancedFindings].map(({ severity }) => ({ severity: toSeverity(severity) }));
}
