import type { Digest } from '../image/digest.ts';
import type { ImageRecord } from '../image/record.ts';
import type { Repository } from '../image/reference.ts';
import type { Counted } from '../policy/shown.ts';
import { together } from '../together.ts';
import type { Running } from '../workload/running.ts';
import type { Workload } from '../workload/workload.ts';
import type { OverviewPorts } from './overview-ports.ts';
import { type ReferenceState, scannedCounts } from './reference-state.ts';

/** An image that runs now, and what is known to be open in it; without counts no scan of it is on record. */
export interface RunningImage extends Partial<Counted> {
  /** What ECS pulled. */
  readonly digest: Digest;
  readonly services: readonly Served[];
  /** The followed reference that points to it, where one does. */
  readonly reference?: string;
}

interface Served extends Workload {
  readonly tasks: number;
}

/** Images of one repository that are looked at; a service seldom has more than two. */
export const MOST_RUNNING = 20;

/** What runs of a repository, the one with the most criticals first. */
export async function runningIn(
  repository: Repository,
  running: readonly Running[],
  known: {
    readonly references: readonly ReferenceState[];
    readonly records: ReadonlyMap<Digest, ImageRecord>;
  },
  ports: Pick<OverviewPorts, 'loadLatestScan' | 'findParents'>,
): Promise<readonly RunningImage[]> {
  const digests = [...new Set(running.map(({ digest }) => digest))].slice(0, MOST_RUNNING);
  const images = await together(
    digests.map(async (digest): Promise<RunningImage> => {
      const services = servedBy(running.filter((it) => it.digest === digest));
      const pointing = known.references.find((it) => isOf(digest, it, known.records));
      const counted = pointing ? countsOf(pointing) : await scanOf(repository, digest, ports);
      const { reference } = pointing ?? {};
      return { digest, services, ...(reference !== undefined && { reference }), ...counted };
    }),
  );
  return images.sort((a, b) => (b.counts?.CRITICAL ?? 0) - (a.counts?.CRITICAL ?? 0));
}

/** The image of a reference, or a platform of it: scans of platforms are merged into what people push. */
function isOf(digest: Digest, reference: ReferenceState, records: ReadonlyMap<Digest, ImageRecord>): boolean {
  if (reference.digest === digest) return true;
  return records.get(reference.digest)?.platforms.some((it) => it.digest === digest) ?? false;
}

function countsOf({ state, scanType, counts, fixable, ignored, unknown }: ReferenceState): Partial<Counted> {
  if (state !== 'scanned' || !counts || !scanType) return {};
  return {
    scanType,
    counts,
    ...(fixable && { fixable }),
    ...(ignored && { ignored }),
    ...(unknown && { unknown }),
  };
}

/** An image that is behind no reference any more: its own scan, or that of an index that lists it. */
async function scanOf(
  repository: Repository,
  digest: Digest,
  ports: Pick<OverviewPorts, 'loadLatestScan' | 'findParents'>,
): Promise<Partial<Counted>> {
  const own = scannedCounts(await ports.loadLatestScan({ repository, digest }));
  if (own) return own;
  for (const parent of await ports.findParents({ repository, digest })) {
    const counted = scannedCounts(await ports.loadLatestScan({ repository, digest: parent }));
    if (counted) return counted;
  }
  return {};
}

/** Each service once: its containers and deployments are not told apart here. */
function servedBy(running: readonly Running[]): readonly Served[] {
  const served = new Map<string, Served>();
  for (const { workload, tasks } of running) {
    const key = [workload.account, workload.region, workload.cluster, workload.name].join(' ');
    served.set(key, { ...workload, tasks: tasks + (served.get(key)?.tasks ?? 0) });
  }
  return [...served.values()];
}
