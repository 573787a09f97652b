import type { Digest } from '../image/digest.ts';
import type { Image, Repository } from '../image/reference.ts';
import type { ScanPeek } from '../scan/peek.ts';
import { runsPlatform } from '../workload/architecture.ts';
import type { Census } from './census.ts';
import type { RunningImage, RunningRun } from './facts.ts';
import type { AuditPorts } from './ports.ts';

/** What runs from a repository, without its scans: those can be asked for when it is known what is in the registry. */
export type Found = Omit<RunningImage, 'scans'>;

/** What runs now from this very repository, by what ECS pulled: two requests, one where nothing runs. */
export async function findRunning(
  repository: Repository,
  ports: Pick<AuditPorts, 'loadRunning' | 'loadTogether'>,
): Promise<readonly Found[]> {
  const running = await ports.loadRunning(repository);
  if (running.length === 0) return [];
  const digests = [...new Set(running.map(({ digest }) => digest))];
  const images = digests.map((digest) => ({ repository, digest }));
  const { records, runs } = await ports.loadTogether(images, { running });
  const here = running.flatMap(({ tasks }, nth): readonly RunningRun[] => {
    const run = runs[nth];
    return run && isSame(run.repository, repository) ? [{ ...run, tasks }] : [];
  });
  return digests.flatMap((digest, nth) => {
    const [first, ...others] = here.filter((run) => run.digest === digest);
    return first ? [{ digest, runs: [first, ...others] as const, record: records[nth] }] : [];
  });
}

/** The name is the same in every account and region. */
function isSame(one: Repository, other: Repository): boolean {
  return one.account === other.account && one.region === other.region;
}

/** The same with its scans: of an index those of the platforms that run. */
export async function withScans(
  repository: Repository,
  found: Found,
  census: Census,
  peekScan: AuditPorts['peekScan'],
): Promise<RunningImage> {
  const digests = scannedOf(found, census.listed.get(found.digest)?.kind);
  const images = digests.map((digest): Image => ({ repository, digest }));
  const scans: ScanPeek[] = [];
  for (const image of images) scans.push(await peekScan(image));
  return { ...found, scans: scans.filter(({ state }) => state !== 'gone') };
}

/** What a scan is of: an index itself has none. Nothing for one whose platforms are not on record. */
function scannedOf({ digest, runs, record }: Found, kind: string | undefined): readonly Digest[] {
  if (kind === undefined) return [];
  if (kind !== 'index') return [digest];
  const platforms = record?.platforms ?? [];
  const isRun = (platform: (typeof platforms)[number]['platform']) =>
    runs.some(({ architecture }) => runsPlatform(architecture, [platform]) !== false);
  return platforms.filter(({ platform }) => isRun(platform)).map((it) => it.digest);
}
