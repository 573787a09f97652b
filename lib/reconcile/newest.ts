import type { ListedImage } from '../image/listed-image.ts';

/** The image that was pushed last; undefined of none. */
export function newestOf(images: readonly ListedImage[]): ListedImage | undefined {
  return images.reduce<ListedImage | undefined>(
    (late, it) => (!late || late.pushedAt < it.pushedAt ? it : late),
    undefined,
  );
}
