import { newestOf } from './age.ts';
import type { StoredImage } from './stored-image.ts';

/** Where an image stands among those that a counting rule identifies, the newest first. */
export interface Place {
  /** From 1; of images of the same time, the last of them. */
  readonly rank: number;
  readonly of: number;
  /** How many others have the same time: AWS does not say which of them goes first. */
  readonly tied: number;
}

/** The place of each image, by the time of its push; the careful one where times are the same. */
export function placesOf(images: readonly StoredImage[]): ReadonlyMap<StoredImage, Place> {
  const sorted = [...images].sort((a, b) => (newestOf(a) < newestOf(b) ? 1 : -1));
  const places = new Map<StoredImage, Place>();
  for (let start = 0; start < sorted.length; ) {
    const time = newestOf(sorted[start] as StoredImage);
    let end = start;
    while (end < sorted.length && newestOf(sorted[end] as StoredImage) === time) end += 1;
    for (const image of sorted.slice(start, end))
      places.set(image, { rank: end, of: sorted.length, tied: end - start - 1 });
    start = end;
  }
  return places;
}
