import type { ListedImage } from '../image/listed-image.ts';

/** The image that was pushed last, of two in the same instant the one that `baselinesOf` takes; undefined of none. */
export function newestOf(images: readonly ListedImage[]): ListedImage | undefined {
  return images.reduce<ListedImage | undefined>(
    (late, it) => (!late || isBefore(late, it) ? it : late),
    undefined,
  );
}

function isBefore(late: ListedImage, it: ListedImage): boolean {
  if (late.pushedAt !== it.pushedAt) return late.pushedAt < it.pushedAt;
  return late.image.digest < it.image.digest;
}
