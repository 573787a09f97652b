import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How one piece of an image names another. Source: OCI image-spec, descriptor.md */
interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: Readonly<Record<string, string>>;
}

/** Bytes, and the descriptor that their digest and length give. */
export interface Blob {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

/** Takes a text or bytes as they are; anything else becomes JSON. */
export function blobOf(mediaType: string, content: string | Buffer | object): Blob {
  const bytes = toBytes(content);
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { descriptor: { mediaType, digest, size: bytes.length }, bytes };
}

/** Writes an OCI layout with one name for `top` into a new folder. Source: OCI image-spec, image-layout.md */
export async function writeLayout(
  folder: string,
  name: string,
  top: Blob,
  blobs: readonly Blob[],
): Promise<void> {
  const annotations = { 'org.opencontainers.image.ref.name': name };
  const index = { schemaVersion: 2, manifests: [{ ...top.descriptor, annotations }] };
  await mkdir(join(folder, 'blobs/sha256'), { recursive: true });
  await writeFile(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(join(folder, 'index.json'), JSON.stringify(index));
  for (const { descriptor, bytes } of [top, ...blobs])
    await writeFile(join(folder, 'blobs', descriptor.digest.replace(':', '/')), bytes);
}

function toBytes(content: string | Buffer | object): Buffer {
  if (Buffer.isBuffer(content)) return content;
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
}
