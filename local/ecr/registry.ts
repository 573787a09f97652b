import { buildReferrer } from './attestation.ts';
import { type BridgeEvent, imageAction, scanEvent } from './events.ts';
import { buildImage, type ImageSpec } from './image-builder.ts';
import { blobStore, type Manifest } from './manifest.ts';
import { isFailed, type ScanAnswer } from './scan-answer.ts';
import type { GithubRun } from './statement.ts';

interface PushedImage extends ImageSpec {
  readonly tags?: readonly string[];
}

interface Pushed {
  readonly digest: string;
  /** An attestation manifest is a child too; its platform is `unknown/unknown`. */
  readonly children: readonly { readonly digest: string; readonly platform: string }[];
  /** What AWS would send, in order. */
  readonly events: readonly BridgeEvent[];
}

export interface StoredImage extends Manifest {
  readonly pushedAt: Date;
}

export interface ImageId {
  readonly imageDigest?: string;
  readonly imageTag?: string;
}

export interface Repository {
  readonly images: Map<string, StoredImage>;
  /** A tag points to one digest at a time. */
  readonly tags: Map<string, string>;
  readonly blobs: Map<string, string>;
  readonly scans: Map<string, ScanAnswer>;
  /** Its text; nothing here acts on it. */
  lifecyclePolicy?: string;
  /** Its text; nothing here obeys it. */
  policy?: string;
}

/** An ECR registry in memory. Its changes return the events AWS would send; sending them is the caller's choice. */
export interface Registry {
  readonly account: string;
  readonly region: string;
  /** Stores the image, creates the repository when it is new, moves the tags. */
  push(repository: string, image: PushedImage): Pushed;
  retag(repository: string, digest: string, tag: string): readonly BridgeEvent[];
  /** Pushes what `actions/attest-build-provenance` says about an image that is there. */
  attest(repository: string, digest: string, run: GithubRun): Omit<Pushed, 'children'>;
  /** Deletes the image with its tags and scan; the children of an index stay. */
  remove(repository: string, digest: string): readonly BridgeEvent[];
  scan(repository: string, digest: string, answer: ScanAnswer): BridgeEvent;
  /** Changes what ECR answers, silently: findings that come after the event. */
  setScan(repository: string, digest: string, answer: ScanAnswer): void;
  clearScan(repository: string, digest: string): void;
  find(repository: string): Repository | undefined;
  /** Names of all repositories, in the order of their first push. */
  names(): readonly string[];
}

/** Creates an empty registry; its functions throw when they name an image that is not there. */
export function createRegistry(of: {
  readonly account: string;
  readonly region: string;
  readonly now?: () => Date;
}): Registry {
  const { account, region, now = () => new Date() } = of;
  const repositories = new Map<string, Repository>();
  const occasion = (repository: string) => ({ account, region, repository, at: now() });
  const imageOf = (name: string, digest: string) => stored(repositories.get(name), name, digest);

  function setScan(name: string, digest: string, answer: ScanAnswer): Repository {
    const { repository, image } = imageOf(name, digest);
    if (!image.artifactMediaType && !isFailed(answer)) {
      throw new Error(`${digest} is an image index, which ECR cannot scan: scan its children`);
    }
    repository.scans.set(digest, answer);
    return repository;
  }

  return {
    account,
    region,
    push(name, { tags = [], ...spec }) {
      const { top, children, blobs } = buildImage(spec);
      const repository = repositories.get(name) ?? emptyRepository();
      repositories.set(name, repository);
      for (const [digest, content] of blobs) repository.blobs.set(digest, content);
      for (const manifest of [...children, top]) store(repository, manifest, now());
      for (const tag of tags) repository.tags.set(tag, top.digest);
      return {
        digest: top.digest,
        children: children.map(({ digest, platform = '' }) => ({ digest, platform })),
        events: [
          ...children.map((child) => imageAction(occasion(name), 'PUSH', child)),
          ...actionPerTag(tags, (tag) => imageAction(occasion(name), 'PUSH', top, tag)),
        ],
      };
    },
    retag(name, digest, tag) {
      const { repository, image } = imageOf(name, digest);
      repository.tags.set(tag, digest);
      return [imageAction(occasion(name), 'PUSH', image, tag)];
    },
    attest(name, digest, run) {
      const { repository, image } = imageOf(name, digest);
      const referrer = storeReferrer(repository, image, run, now());
      return { digest: referrer.digest, events: [imageAction(occasion(name), 'PUSH', referrer)] };
    },
    remove(name, digest) {
      const { repository, image } = imageOf(name, digest);
      const tags = tagsOf(repository, digest);
      for (const tag of tags) repository.tags.delete(tag);
      repository.images.delete(digest);
      repository.scans.delete(digest);
      return actionPerTag(tags, (tag) => imageAction(occasion(name), 'DELETE', image, tag));
    },
    scan(name, digest, answer) {
      const repository = setScan(name, digest, answer);
      return scanEvent(occasion(name), digest, tagsOf(repository, digest), answer);
    },
    setScan,
    clearScan: (name, digest) => void imageOf(name, digest).repository.scans.delete(digest),
    find: (name) => repositories.get(name),
    names: () => [...repositories.keys()],
  };
}

/** The tags that point to the digest now, oldest first. */
export function tagsOf(repository: Repository, digest: string): readonly string[] {
  return [...repository.tags].filter(([, tagged]) => tagged === digest).map(([tag]) => tag);
}

/** By digest, by tag, or by both when the tag points to the digest; undefined when there is no such image. */
export function findImage(
  repository: Repository,
  { imageDigest, imageTag }: ImageId,
): StoredImage | undefined {
  const digest = imageTag === undefined ? imageDigest : repository.tags.get(imageTag);
  if (digest === undefined || digest !== (imageDigest ?? digest)) return undefined;
  return repository.images.get(digest);
}

function emptyRepository(): Repository {
  return { images: new Map(), tags: new Map(), blobs: new Map(), scans: new Map() };
}

/** The same manifest pushed again is the same image: it keeps its first push time. */
function store(repository: Repository, manifest: Manifest, pushedAt: Date): void {
  if (!repository.images.has(manifest.digest)) {
    repository.images.set(manifest.digest, { ...manifest, pushedAt });
  }
}

function storeReferrer(repository: Repository, subject: Manifest, run: GithubRun, pushedAt: Date): Manifest {
  const { blobs, addBlob } = blobStore();
  const referrer = buildReferrer(addBlob, subject, run);
  for (const [digest, content] of blobs) repository.blobs.set(digest, content);
  store(repository, referrer, pushedAt);
  return referrer;
}

function stored(repository: Repository | undefined, name: string, digest: string) {
  const image = repository?.images.get(digest);
  if (!repository || !image) throw new Error(`no image ${digest} in repository ${name}: push it first`);
  return { repository, image };
}

/** What says that it is about the digest, in the order of the pushes. */
export function referrersOf(repository: Repository, digest: string): readonly StoredImage[] {
  return [...repository.images.values()].filter(({ subject }) => subject === digest);
}

/** AWS tells of each tag by itself, and of an untagged image once with an empty tag. */
function actionPerTag(tags: readonly string[], event: (tag: string) => BridgeEvent): readonly BridgeEvent[] {
  return (tags.length > 0 ? tags : ['']).map(event);
}
