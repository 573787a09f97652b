import type { Verdict } from './evaluate.ts';
import { PRICES } from './prices.ts';
import type { StorageClass } from './rule.ts';
import type { StoredImage } from './stored-image.ts';

/** Bytes by where they are kept. */
export type BytesByClass = Readonly<Record<StorageClass, number>>;

/**
 * The bytes of images, each layer as often as an image has it. This is the most that it can be: images of a repository
 * share layers, and those of a registry may (https://docs.aws.amazon.com/AmazonECR/latest/userguide/blob-mounting.html). An index has no bytes of its own: "If the image is a manifest list, this will be the
 * max size of all manifests in the list", and those are images of the repository themselves.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html
 */
export function bytesOf(images: readonly StoredImage[]): BytesByClass {
  const bytes = { standard: 0, archive: 0 };
  for (const { kind, storageClass, sizeBytes } of images)
    if (kind !== 'index') bytes[storageClass] += sizeBytes;
  return bytes;
}

/** The bytes as they are once a policy has acted on what is due. */
export function bytesAfter(verdicts: readonly Verdict[]): BytesByClass {
  return bytesOf(
    verdicts.flatMap(({ image, fate }): StoredImage[] => {
      if (fate === 'expires') return [];
      return [fate === 'archived' ? { ...image, storageClass: 'archive' } : image];
    }),
  );
}

/** What bytes cost in a month, in US dollars; the archive's threshold is a registry's, so give all of its bytes. */
export function monthlyPrice({ standard, archive }: BytesByClass): number {
  const below = Math.min(archive, PRICES.archiveThresholdBytes);
  const above = archive - below;
  return (
    (standard * PRICES.standardPerGb + below * PRICES.archivePerGb + above * PRICES.archivePerGbAbove) / 1e9
  );
}

export function total({ standard, archive }: BytesByClass): number {
  return standard + archive;
}
