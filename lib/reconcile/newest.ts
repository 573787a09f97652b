import type { ListedImage } from '../image/listed-image.ts';
import { isPushedBefore } from '../policy/tracked.ts';

/** The image that was pushed last, in the order that answers go by; undefined of none. */
export function newestOf(images: readonly ListedImage[]): ListedImage | undefined {
  return images.reduce<ListedImage | undefined>(
    (late, it) => (!late || isPushedBefore(pushOf(late), pushOf(it)) ? it : late),
    undefined,
  );
}

function pushOf({ image, pushedAt }: ListedImage) {
  return { digest: image.digest, pushedAt };
}
