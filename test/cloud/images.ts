import { createHash } from 'node:crypto';
import { CreateRepositoryCommand, type ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';

/** What is pushed: an image, or an image index of some. */
export interface Manifest {
  readonly text: string;
  readonly digest: string;
  readonly mediaType: string;
}

const INDEX = 'application/vnd.oci.image.index.v1+json';
const IMAGE = 'application/vnd.oci.image.manifest.v1+json';

/** An image manifest; another seed is another image. */
export function imageManifest(seed: string): Manifest {
  const blob = (mediaType: string) => ({ mediaType, digest: digestOf(mediaType + seed), size: 1000 });
  return manifest(IMAGE, {
    config: blob('application/vnd.oci.image.config.v1+json'),
    layers: [blob('application/vnd.oci.image.layer.v1.tar+gzip')],
  });
}

/** An index of one image for each platform, `<os>/<architecture>`. */
export function indexManifest(images: Readonly<Record<string, Manifest>>): Manifest {
  const manifests = Object.entries(images).map(([platform, { digest, mediaType, text }]) => {
    const [os, architecture] = platform.split('/');
    return { mediaType, digest, size: text.length, platform: { os, architecture } };
  });
  return manifest(INDEX, { manifests });
}

/** Puts a manifest into a registry that may not have the repository yet, under each tag, or under none. */
export async function putImage(
  ecr: ECRClient,
  repositoryName: string,
  { text, digest, mediaType }: Manifest,
  tags: readonly string[] = [],
): Promise<void> {
  await ecr.send(new CreateRepositoryCommand({ repositoryName })).catch(unlessThere);
  for (const tag of tags.length > 0 ? tags : [undefined]) {
    const put = new PutImageCommand({
      repositoryName,
      imageManifest: text,
      imageManifestMediaType: mediaType,
      imageDigest: digest,
      ...(tag && { imageTag: tag }),
    });
    await ecr.send(put).catch(unlessThere);
  }
}

function unlessThere(error: Error): void {
  if (!/^(Repository|Image)AlreadyExistsException$/.test(error.name)) throw error;
}

function manifest(mediaType: string, content: object): Manifest {
  const text = JSON.stringify({ schemaVersion: 2, mediaType, ...content });
  return { text, digest: digestOf(text), mediaType };
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
