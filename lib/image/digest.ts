import { createHash } from 'node:crypto';
import { BadReference } from '../errors.ts';
import { safeText, untrusted } from './untrusted.ts';

declare const digest: unique symbol;

/** `sha256:` and 64 hex characters: the identity of a manifest, the hash of its bytes. */
export type Digest = string & { readonly [digest]: true };

/** Takes any string, returns it as a digest; throws BadReference. Source: OCI image-spec, descriptor.md#digests */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new BadReference(`not a digest (sha256: and 64 hex characters): ${safeText(untrusted(text), 80)}`);
}

/** True for a text that is a digest. */
export function isDigest(text: string): text is Digest {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/** The digest of a manifest's exact bytes. */
export function digestOf(bytes: string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;
}

/** The first twelve hex characters, as people print digests. */
export function shortDigest(digest: Digest): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 12);
}
