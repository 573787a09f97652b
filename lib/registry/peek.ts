import {
  DescribeImageScanFindingsCommand,
  type DescribeImageScanFindingsResponse,
  type ECRClient,
} from '@aws-sdk/client-ecr';
import type { Image } from '../image/reference.ts';
import { toInstant } from '../instant.ts';
import type { ScanPeek } from '../scan/peek.ts';
import { isAbsent } from './absent.ts';
import { isReadable, isWaiting } from './scan.ts';

/**
 * Whether the scan of an image has ended, and when: one call, whatever the number of findings (the counts stand on
 * every page). Throws the SDK's error when ECR cannot be asked.
 */
export async function peekScan(ecr: ECRClient, { repository, digest }: Image): Promise<ScanPeek> {
  try {
    return toPeek(
      await ecr.send(
        new DescribeImageScanFindingsCommand({
          registryId: repository.account,
          repositoryName: repository.name,
          imageId: { imageDigest: digest },
          maxResults: 1,
        }),
      ),
    );
  } catch (error) {
    if (isAbsent(error)) return { state: 'gone' };
    if (error instanceof Error && error.name === 'ScanNotFoundException') return { state: 'pending' };
    throw error;
  }
}

function toPeek({ imageScanStatus, imageScanFindings }: DescribeImageScanFindingsResponse): ScanPeek {
  const status = imageScanStatus?.status ?? 'UNKNOWN';
  if (isWaiting(status)) return { state: 'pending' };
  if (!isReadable(status)) return { state: 'unscannable' };
  // Without counts the findings are not there yet: https://github.com/aws/aws-sdk/issues/289
  if (!imageScanFindings?.findingSeverityCounts) return { state: 'pending' };
  const completedAt = imageScanFindings.imageScanCompletedAt;
  return { state: 'scanned', ...(completedAt && { completedAt: toInstant(completedAt) }) };
}
