import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  type ECRClient,
  type ImageDetail,
} from '@aws-sdk/client-ecr';
import { NotReady } from '../errors.ts';
import { type ImageIndex, kindOf, MANIFEST_MEDIA_TYPES, parseIndex } from '../image/manifest.ts';
import type { RegisteredImage } from '../image/record.ts';
import { type Image, parseTag } from '../image/reference.ts';
import { toInstant } from '../instant.ts';
import { isAbsent } from './absent.ts';

/** Looks an image up by digest; undefined when it is not there (any more). Throws the SDK's error for the rest. */
export async function findImage(ecr: ECRClient, image: Image): Promise<RegisteredImage | undefined> {
  try {
    const { imageDetails } = await ecr.send(
      new DescribeImagesCommand({ ...where(image), imageIds: [{ imageDigest: image.digest }] }),
    );
    const [it] = imageDetails ?? [];
    return it && toRegistered(image, it);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** What ECR says of an image. */
export function toRegistered(image: Image, it: ImageDetail): RegisteredImage {
  return {
    image,
    kind: kindOf(it.imageManifestMediaType, it.artifactMediaType),
    tags: (it.imageTags ?? []).map(parseTag).sort(),
    pushedAt: toInstant(it.imagePushedAt ?? new Date(0)),
  };
}

/**
 * What an image index lists, nothing for a plain image; undefined when the index is gone.
 * All four media types are asked for: without them ECR may convert. Throws NotReady for failures that pass.
 */
export async function findIndex(ecr: ECRClient, image: Image): Promise<ImageIndex | undefined> {
  const answer = await ecr
    .send(
      new BatchGetImageCommand({
        ...where(image),
        imageIds: [{ imageDigest: image.digest }],
        acceptedMediaTypes: [...MANIFEST_MEDIA_TYPES],
      }),
    )
    .catch((error: unknown) => {
      if (isAbsent(error)) return undefined;
      throw error;
    });
  if (!answer) return undefined;
  const { images, failures } = answer;
  const manifest = images?.[0]?.imageManifest;
  if (manifest) return parseIndex(manifest, image.digest);
  const code = failures?.[0]?.failureCode;
  if (code === 'ImageNotFound' || code === 'ImageTagDoesNotMatchDigest') return undefined;
  throw new NotReady(`the manifest of ${image.digest} cannot be read: ${code ?? 'no reason given'}`, 30);
}

function where({ repository }: Image): { registryId: string; repositoryName: string } {
  return { registryId: repository.account, repositoryName: repository.name };
}
