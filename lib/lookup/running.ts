import type { Digest } from '../image/digest.ts';
import type { ImageRecord } from '../image/record.ts';
import type { Image } from '../image/reference.ts';
import { together } from '../together.ts';
import { runsPlatform } from '../workload/architecture.ts';
import type { Run } from '../workload/run.ts';
import type { Running } from '../workload/running.ts';
import type { LookupPorts } from './ports.ts';
import type { Use } from './use.ts';

/** What was read to say which of the running tasks are an image's. */
export interface RunningRead {
  /** What runs with an image of a repository of this name. */
  readonly running: readonly Running[];
  /** The image that is asked about, and those that `running` pulled; undefined for what is not on record. */
  readonly records: ReadonlyMap<Digest, ImageRecord | undefined>;
  /** As far as they were read already. */
  readonly runs: ReadonlyMap<Running, Run | undefined>;
}

/** Other images of the repository that run: one of them may be an index that lists this image. */
export function pulledBeside(running: readonly Running[], digest: Digest): readonly Digest[] {
  return [...new Set(running.map((it) => it.digest))].filter((it) => it !== digest);
}

/**
 * What runs an image now; for who asks about the image, not about a platform of it. An index and the images that it
 * lists are joined by what the index lists, and by nothing looser.
 */
export async function runningOn(
  image: Image,
  { running, records, runs }: RunningRead,
  ports: Pick<LookupPorts, 'loadTogether'>,
): Promise<readonly Use[]> {
  const related = running.flatMap((it) => {
    const relation = relationOf(it, image.digest, records);
    return relation && relation.isThatPlatform !== false ? [{ it, relation }] : [];
  });
  const unread = related.map(({ it }) => it).filter((it) => !runs.has(it));
  const read = unread.length > 0 ? (await ports.loadTogether([], { running: unread })).runs : [];
  const all = new Map([...runs, ...unread.map((it, nth) => [it, read[nth]] as const)]);
  return related
    .flatMap(({ it, relation }): Use[] => {
      const run = all.get(it);
      return run ? [{ ...run, tasks: it.tasks, ...relation }] : [];
    })
    .sort((a, b) => (orderOf(a, image) < orderOf(b, image) ? -1 : 1));
}

/** What runs the same digest from a repository of another name. */
export async function runningElsewhere(
  image: Image,
  ports: Pick<LookupPorts, 'findRunsElsewhere' | 'countTasks'>,
): Promise<readonly Use[]> {
  const runs = await ports.findRunsElsewhere(image);
  const uses = await together(
    runs.map(async (run) => ({ ...run, tasks: await ports.countTasks(run), isThatPlatform: true })),
  );
  return uses.filter(({ tasks }) => tasks > 0);
}

/** The image itself first, then by workload and start. */
function orderOf({ digest, workload, startedAt }: Use, asked: Image): string {
  const { account, region, cluster, name } = workload;
  return [Number(digest !== asked.digest), account, region, cluster, name, startedAt].join('#');
}

/** How what was pulled is the image: itself, one of its platforms, or an index that lists it; undefined when it is not. */
export function relationOf(
  { digest: pulled, architecture }: Running,
  asked: Digest,
  records: RunningRead['records'],
): Pick<Use, 'isThatPlatform'> | undefined {
  const lists = (index: Digest, digest: Digest) =>
    records.get(index)?.platforms.filter((it) => it.digest === digest) ?? [];
  if (pulled === asked || lists(asked, pulled).length > 0) return { isThatPlatform: true };
  // Of an index a task runs one image only: this one, when it is for the task's platform.
  const own = lists(pulled, asked).map(({ platform }) => platform);
  if (own.length === 0)
    return records.get(pulled)?.attestations.includes(asked) ? { isThatPlatform: true } : undefined;
  const isThatPlatform = runsPlatform(architecture, own);
  return isThatPlatform === undefined ? {} : { isThatPlatform };
}
