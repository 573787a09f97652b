import type { Image, Tag } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import type { LookupPorts } from './ports.ts';
import { type Sourced, sourceOf } from './sourced.ts';

/** What a list shows of an image, to tell it from the others. */
export interface KnownImage extends Image, Sourced {
  readonly pushedAt?: Instant;
  readonly tags: readonly Tag[];
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
    return { ...image, pushedAt, tags, ...sourceOf(record) };
  });
  return known.sort((a, b) => ((a.pushedAt ?? '') < (b.pushedAt ?? '') ? 1 : -1));
}
