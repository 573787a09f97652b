import { DescribeImageScanFindingsCommand } from '@aws-sdk/client-ecr';
import { basicAnswer } from '../../../local/ecr/findings.ts';
import { basicFindings } from '../../flow/findings.ts';
import { imageManifest, putImage } from '../images.ts';
import { type Gap, orError, type Scene } from './gap.ts';

const IMAGE = imageManifest('gap');
const OTHER = imageManifest('other');
const LOW = basicAnswer(basicFindings('LOW', 2));
const BOTH = { ids: ['CVE-2026-LOW-0', 'CVE-2026-LOW-1'], more: false };

/** Names of the findings of one page of a scan at moto, or the name of the error. */
function readScan({ motoEcr }: Scene, repositoryName: string, imageDigest: string): Promise<unknown> {
  const of = { repositoryName, imageId: { imageDigest }, maxResults: 1 };
  const read = motoEcr.send(new DescribeImageScanFindingsCommand(of));
  return orError(
    read.then(({ imageScanFindings, nextToken }) => ({
      ids: imageScanFindings?.findings?.map(({ name }) => name),
      more: nextToken !== undefined,
    })),
  );
}

export const SCAN_GAPS: readonly Gap[] = [
  [
    'a scan that was not started',
    'ScanNotFoundException',
    'ScanNotFoundException',
    async (at) => {
      for (const image of [IMAGE, OTHER]) await at.scanner.know('tagged', image);
      return readScan(at, 'tagged', IMAGE.digest);
    },
  ],
  [
    'an answer that was set for a digest, two findings, read by pages of one',
    'the made-up finding',
    BOTH,
    async (at) => {
      await at.scanner.answer('tagged', IMAGE, LOW);
      return readScan(at, 'tagged', IMAGE.digest);
    },
  ],
  [
    'a second scan of an image on one day',
    'not looked at',
    'LimitExceededException',
    ({ scanner }) => orError(scanner.answer('tagged', IMAGE, basicAnswer([]))),
  ],
  [
    'the answers of two images without a tag',
    'not looked at',
    [BOTH, { ids: ['CVE-9999-9999'], more: false }],
    async (at) => {
      for (const image of [IMAGE, OTHER]) await putImage(at.motoEcr, 'untagged', image);
      await at.scanner.answer('untagged', IMAGE, LOW);
      await at.scanner.answer('untagged', OTHER, basicAnswer([]));
      const second = await readScan(at, 'untagged', OTHER.digest);
      return [second, await readScan(at, 'untagged', IMAGE.digest)];
    },
  ],
  [
    'the registry’s own API, /v2/',
    '404',
    404,
    async ({ emulators }) => (await fetch(`${emulators.motoUrl}/v2/`)).status,
  ],
];
