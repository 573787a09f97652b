import type { Provenance } from '../image/provenance.ts';
import { commitOf } from '../image/record.ts';
import type { Image, Tag } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import type { LookupPorts } from './ports.ts';

/** What a list shows of an image, to tell it from the others. */
export interface KnownImage extends Image {
  readonly pushedAt?: Instant;
  readonly tags: readonly Tag[];
  readonly provenance?: Provenance;
}

/** The images as a list shows them, the newest first. */
export async function knownImages(
  images: readonly Image[],
  ports: LookupPorts,
): Promise<readonly KnownImage[]> {
  const { records } = images.length > 0 ? await ports.loadTogether(images) : { records: [] };
  const known = images.map((image, i): KnownImage => {
    const record = records[i];
    if (!record) return { ...image, tags: [] };
    const { pushedAt, tags } = record;
    const provenance = commitOf(record);
    return { ...image, pushedAt, tags, ...(provenance && { provenance }) };
  });
  return known.sort((a, b) => ((a.pushedAt ?? '') < (b.pushedAt ?? '') ? 1 : -1));
}
