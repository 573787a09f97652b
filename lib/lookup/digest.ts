import type { Digest } from '../image/digest.ts';
import type { Image, Reference } from '../image/reference.ts';
import { type KnownImage, knownImages } from './known-image.ts';
import { type NotFound, notFound } from './missing.ts';
import type { LookupPorts } from './ports.ts';

/** The one image that a digest, or the beginning of one, means. */
export interface DigestAnswer {
  readonly found: 'one';
  readonly image: Image;
  /** The index lists what was asked for: a platform of it, or an attestation. */
  readonly isParent: boolean;
}

/** Several images have a digest that begins so, or one image is in several repositories. */
export interface AmbiguousDigest {
  readonly found: 'images';
  readonly candidates: readonly KnownImage[];
}

/** Finds the image by the first 8 to 64 hex characters of its digest, in a repository when one is named. */
export async function findImage(
  hex: string,
  within: Partial<Pick<Reference, 'name' | 'account' | 'region'>>,
  ports: LookupPorts,
): Promise<DigestAnswer | AmbiguousDigest | NotFound> {
  const { images, parents } = await ports.findByDigest(hex);
  const isWithin = ({ repository }: Image) =>
    (within.name ?? repository.name) === repository.name &&
    (within.account ?? repository.account) === repository.account &&
    (within.region ?? repository.region) === repository.region;
  const own = images.filter(isWithin);
  const found = own.length > 0 ? own : parents.filter(isWithin);
  const [image] = found;
  if (!image) return notFound(nobodyKnows(hex, within.name));
  if (found.length > 1) return { found: 'images', candidates: await knownImages(found, ports) };
  return { found: 'one', image, isParent: own.length === 0 };
}

function nobodyKnows(hex: string, name: string | undefined): string {
  const where = name ? ` in ${name}` : '';
  return hex.length === 64
    ? `no image with the digest sha256:${hex}${where} is on record`
    : `no tag on record${name ? ` of ${name}` : ''} ever pointed to a digest that begins with sha256:${hex}`;
}

/** The whole digest as a reference, which needs no further question about where it is. */
export function referenceTo({ repository, digest }: Image): Reference & { readonly digest: Digest } {
  return { ...repository, digest };
}
