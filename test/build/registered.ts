import type { Digest } from '../../lib/image/digest.ts';
import type { RegisteredImage } from '../../lib/image/record.ts';
import { parseTag } from '../../lib/image/reference.ts';
import { anImageOf, at } from './lineage.ts';

/** What the registry says of an image with these tags. */
export function aRegistered(
  digest: Digest,
  tags: readonly string[],
  more: Partial<RegisteredImage> = {},
): RegisteredImage {
  return {
    image: anImageOf(digest),
    kind: 'image',
    tags: tags.map(parseTag),
    pushedAt: at('02:00'),
    ...more,
  };
}
