import { DescribeImageScanFindingsCommand, type ECRClient } from '@aws-sdk/client-ecr';
import type { Image } from '../image/reference.ts';
import { untrusted } from '../image/untrusted.ts';
import type { Reading } from '../scan/scan.ts';
import { isAbsent } from './absent.ts';
import { addPage, type Listing, toScanned } from './listing.ts';

/** The most that one page may hold; ECR gives enhanced findings by the hundred all the same (boto/boto3#3449). */
const PAGE_SIZE = 1000;

/**
 * Reads the scan of one image by digest, all pages. Never takes a scan that cannot be read for a clean one:
 * without a counts object the findings are not there yet (aws/aws-sdk#289), while `{}` is clean.
 * Throws the SDK's error when ECR cannot be asked.
 */
export async function findScan(ecr: ECRClient, image: Image): Promise<Reading> {
  try {
    return await readScan(ecr, image);
  } catch (error) {
    if (isAbsent(error)) return { state: 'gone' };
    if (error instanceof Error && error.name === 'ScanNotFoundException') {
      return { state: 'pending', status: 'NOT_FOUND' };
    }
    throw error;
  }
}

/** What the status of the first page says; the pages after it are read only for a scan that has findings. */
async function readScan(ecr: ECRClient, image: Image): Promise<Reading> {
  const first = await readPage(ecr, image);
  const { status = 'UNKNOWN', description } = first.imageScanStatus ?? {};
  if (isWaiting(status)) return { state: 'pending', status };
  if (!isReadable(status))
    return { state: 'unscannable', status, ...(description && { description: untrusted(description) }) };
  let { listing, nextToken } = first;
  while (nextToken) ({ listing, nextToken } = await readPage(ecr, image, { listing, nextToken }));
  return (listing && toScanned(listing)) ?? { state: 'pending', status };
}

interface SoFar {
  readonly listing: Listing | undefined;
  readonly nextToken: string | undefined;
}

/** Asks for one page and lets go of it: 10,000 findings of Inspector's are 18 MB in a hundred pages. */
async function readPage(ecr: ECRClient, { repository, digest }: Image, before?: SoFar) {
  const { imageScanStatus, imageScanFindings, nextToken } = await ecr.send(
    new DescribeImageScanFindingsCommand({
      registryId: repository.account,
      repositoryName: repository.name,
      imageId: { imageDigest: digest },
      maxResults: PAGE_SIZE,
      nextToken: before?.nextToken,
    }),
  );
  const listing = imageScanFindings ? addPage(before?.listing, imageScanFindings) : before?.listing;
  return { imageScanStatus, listing, nextToken };
}

/** Findings may still come. FINDINGS_UNAVAILABLE: Inspector has none to give now. */
export function isWaiting(status: string): boolean {
  return ['PENDING', 'IN_PROGRESS', 'FINDINGS_UNAVAILABLE'].includes(status);
}

/** COMPLETE: basic, or enhanced on push. ACTIVE: enhanced, continuous. Every other status has no findings. */
export function isReadable(status: string): boolean {
  return status === 'COMPLETE' || status === 'ACTIVE';
}
