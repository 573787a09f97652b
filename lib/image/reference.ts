import { BadReference } from '../errors.ts';
import { type Digest, parseDigest } from './digest.ts';
import { safeText, untrusted } from './untrusted.ts';

declare const tag: unique symbol;

/** A movable name of a digest inside one repository. */
export type Tag = string & { readonly [tag]: true };

/** A repository in one account and region; the same name elsewhere is another repository. */
export interface Repository {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** `<account>#<region>#<name>`: the same for the same repository. No part of a checked one can hold a `#`. */
export function repositoryKey({ account, region, name }: Repository): string {
  return `${account}#${region}#${name}`;
}

/** One manifest: its repository and digest. Nothing identifies an image by tag alone. */
export interface Image {
  readonly repository: Repository;
  readonly digest: Digest;
}

/** What a person types: `name[:tag][@digest]`, with or without the registry's host in front. */
export interface Reference {
  readonly account?: string;
  readonly region?: string;
  readonly name: string;
  readonly tag?: Tag;
  readonly digest?: Digest;
}

const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html (pattern and length)
const REPOSITORY = /^(?=.{2,256}$)[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;
const REGISTRY = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(.+)$/;
const LONGEST = 256 + 1 + 128 + 1 + 71 + 64;

/** Takes any string, returns it as a tag; throws BadReference. Source: OCI distribution-spec, "pulling manifests". */
export function parseTag(text: string): Tag {
  if (!isTag(text)) throw new BadReference(`not a tag: ${quoted(text)}`);
  return text;
}

/** True for what an image can be tagged with. */
export function isTag(value: unknown): value is Tag {
  return typeof value === 'string' && TAG.test(value);
}

/** Takes any string, returns it as a repository name; throws BadReference. */
export function parseRepositoryName(text: string): string {
  if (text.length > 256 || !REPOSITORY.test(text))
    throw new BadReference(`not a repository name: ${quoted(text)}`);
  return text;
}

/** Parses `[registry/]name[:tag][@digest]`; with both tag and digest, the digest counts. Throws BadReference. */
export function parseReference(text: string): Reference {
  if (text.length > LONGEST) throw new BadReference(`too long for an image reference: ${quoted(text)}`);
  const [, account, region, path = text] = REGISTRY.exec(text) ?? [];
  const at = path.indexOf('@');
  const named = at < 0 ? path : path.slice(0, at);
  const colon = named.indexOf(':');
  return {
    ...(account && region && { account, region }),
    name: parseRepositoryName(colon < 0 ? named : named.slice(0, colon)),
    ...(colon >= 0 && { tag: parseTag(named.slice(colon + 1)) }),
    ...(at >= 0 && { digest: parseDigest(path.slice(at + 1)) }),
  };
}

function quoted(text: string): string {
  return JSON.stringify(safeText(untrusted(text), 80));
}
