import type { ImagePage, ListedImage, RepositoryPage } from '../../lib/image/listed-image.ts';
import type { Image, Repository } from '../../lib/image/reference.ts';
import { toInstant } from '../../lib/instant.ts';
import type { ScanPeek } from '../../lib/scan/peek.ts';
import type { World, WorldImage } from './world.ts';

/** The registry's lists, as the walk through it asks for them. */
export interface Registry {
  readonly listRepositories: () => RepositoryPage;
  readonly listImages: (repository: Repository, nowMs: number, nextToken?: string) => ImagePage;
  readonly peekScan: (image: Image, nowMs: number) => ScanPeek;
}

/** As much as ECR gives at once. */
const PAGE = 1000;
const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';

interface Listed {
  readonly pushedMs: number;
  readonly listed: ListedImage;
}

/** Lists a world; what is not pushed yet is in no list. */
export function registryOf(world: World): Registry {
  const repositories = new Map<string, { readonly repository: Repository; readonly images: Listed[] }>();
  for (const image of [...world.images].sort((a, b) => a.pushedMs - b.pushedMs)) {
    const { repository } = image.image;
    const place = repositories.get(repository.name) ?? { repository, images: [] };
    repositories.set(repository.name, place);
    place.images.push(...listed(image));
  }
  return {
    listRepositories: () => ({ items: [...repositories.values()].map(({ repository }) => repository) }),
    listImages({ name }, nowMs, nextToken = '0') {
      const all = repositories.get(name)?.images ?? [];
      const start = Number(nextToken);
      const items: ListedImage[] = [];
      for (let at = start; at < start + PAGE; at += 1) {
        const it = all[at];
        if (!it || it.pushedMs > nowMs) return { items };
        items.push(it.listed);
      }
      return { items, nextToken: String(start + PAGE) };
    },
    peekScan(image, nowMs) {
      const reading = world.findScan(image, nowMs);
      const completedAt = reading.state === 'scanned' ? reading.completedAt : undefined;
      return { state: reading.state, ...(completedAt && { completedAt }) };
    },
  };
}

/** What was pushed, and of an index its platforms before it. */
function listed({ image, tag, kind, pushedMs, manifests }: WorldImage): readonly Listed[] {
  const common = { pushedAt: toInstant(new Date(pushedMs)), isArchived: false };
  const plain = { ...common, kind: 'image', mediaType: MANIFEST, artifactMediaType: CONFIG } as const;
  if (kind === 'image') return [{ pushedMs, listed: { ...plain, image, tags: [tag] } }];
  const parts = manifests.map(({ digest }) => ({
    pushedMs,
    listed: { ...plain, image: { ...image, digest }, tags: [] },
  }));
  return [...parts, { pushedMs, listed: { ...common, kind, mediaType: INDEX, image, tags: [tag] } }];
}
