import { ECRClient, StartImageScanCommand } from '@aws-sdk/client-ecr';
import { type ScanAnswer, scanDocument } from '../../local/ecr/scan-answer.ts';
import type { Emulators } from './emulators.ts';
import { type Manifest, putImage } from './images.ts';

/** moto as the scanner of images. */
export interface Scanner {
  /** Makes an image known, without a scan: ScanNotFoundException. */
  readonly know: (repository: string, image: Manifest) => Promise<void>;
  /** What DescribeImageScanFindings answers about a known image from now on; once per image. */
  readonly answer: (repository: string, image: Manifest, answer: ScanAnswer) => Promise<void>;
  readonly close: () => void;
}

/** Throws when the emulators run without moto. */
export function openScanner({ client, account, region, motoUrl }: Emulators): Scanner {
  if (!motoUrl) throw new Error('scans need moto: startEmulators({ moto: true })');
  const ecr = new ECRClient({ ...client, endpoint: motoUrl });
  return {
    // Each with a tag of its own: moto takes all images without a tag for the one that an answer is about.
    know: (repository, image) => putImage(ecr, repository, image, [image.digest.slice(7, 19)]),
    async answer(repositoryName, { digest }, answer) {
      const imageId = { imageDigest: digest };
      const result = { registryId: account, repositoryName, imageId, ...scanDocument(answer) };
      const reply = await fetch(`${motoUrl}/moto-api/static/ecr/scan-finding-results`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ account_id: account, region, results: [result] }),
      });
      if (reply.status !== 201) throw new Error(`moto refused the findings: ${await reply.text()}`);
      // Without a scan that was started moto says that there is none, whatever it holds.
      await ecr.send(new StartImageScanCommand({ repositoryName, imageId }));
    },
    close: () => ecr.destroy(),
  };
}
