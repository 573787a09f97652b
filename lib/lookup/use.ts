import type { Digest } from '../image/digest.ts';
import type { Platform } from '../image/platform.ts';
import type { Image } from '../image/reference.ts';
import { together } from '../together.ts';
import { runsPlatform } from '../workload/architecture.ts';
import type { Run } from '../workload/run.ts';
import type { LookupPorts } from './ports.ts';

/** A run of an image, by the digest of itself, of one of its platforms, or of an index that lists it. */
export interface Use extends Run {
  /** Tasks that have their part in it now. */
  readonly tasks: number;
  /** Whether what runs is on a platform that was asked for; absent when ECS did not say which it is. */
  readonly isThatPlatform?: boolean;
}

export type UsePorts = Pick<LookupPorts, 'loadImage' | 'findParents' | 'findRuns' | 'countTasks'>;

/** A digest under which the image may run, and which platforms of it would be the image. */
interface Name {
  readonly digest: Digest;
  /** Absent when it is the image whatever platform runs. */
  readonly platforms?: readonly Platform[];
}

/**
 * Every run of an image that ECS told of. `platforms` says on which platforms of it, when that matters. An index and
 * the images that it lists are joined by the lineage's own edges, and by nothing looser.
 */
export async function usesOf(
  image: Image,
  platforms: readonly Platform[],
  ports: UsePorts,
): Promise<readonly Use[]> {
  const names = await namesOf(image, platforms, ports);
  const uses = await together(names.map((name) => usesUnder(name, image, ports)));
  return uses.flat();
}

async function namesOf(
  image: Image,
  platforms: readonly Platform[],
  ports: UsePorts,
): Promise<readonly Name[]> {
  const [record, parents] = await together([ports.loadImage(image), ports.findParents(image)]);
  const isAsked = (platform: Platform) => platforms.length === 0 || platforms.includes(platform);
  const children = (record?.platforms ?? []).filter(({ platform }) => isAsked(platform));
  return [
    { digest: image.digest, ...(platforms.length > 0 && { platforms }) },
    ...children.map(({ digest }) => ({ digest })),
    ...(await together(parents.map((digest) => asChildOf(digest, image, ports)))),
  ];
}

/** Of an index a task runs one image only: this one, when it is for the task's platform. */
async function asChildOf(digest: Digest, child: Image, ports: UsePorts): Promise<Name> {
  const index = await ports.loadImage({ repository: child.repository, digest });
  const own = index?.platforms.filter((it) => it.digest === child.digest) ?? [];
  return { digest, ...(own.length > 0 && { platforms: own.map(({ platform }) => platform) }) };
}

async function usesUnder(
  { digest, platforms }: Name,
  { repository }: Image,
  ports: UsePorts,
): Promise<readonly Use[]> {
  const runs = await ports.findRuns({ digest, repository });
  return together(
    runs.map(async (run) => {
      const tasks = await ports.countTasks(run);
      const isThatPlatform = platforms ? runsPlatform(run.architecture, platforms) : true;
      return { ...run, tasks, ...(isThatPlatform !== undefined && { isThatPlatform }) };
    }),
  );
}
