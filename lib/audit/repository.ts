import { commitOf } from '../image/record.ts';
import { toInstant } from '../instant.ts';
import { matchesGlob } from '../policy/glob.ts';
import { together } from '../together.ts';
import { type Census, counted, NO_IMAGES } from './census.ts';
import { checkCommits } from './checks/commit.ts';
import { checkDeployedTags } from './checks/deployed-tag.ts';
import { checkLifecycle } from './checks/lifecycle.ts';
import { checkLimits } from './checks/limits.ts';
import { checkMutability } from './checks/mutability.ts';
import { checkPolicy } from './checks/policy.ts';
import { checkRunningScans } from './checks/running-scan.ts';
import { checkStored } from './checks/running-stored.ts';
import { checkScanned } from './checks/scanning.ts';
import {
  isProduction,
  type Question,
  type RegistryFacts,
  type RepositoryFacts,
  type Unnamed,
} from './facts.ts';
import type { AuditFinding } from './finding.ts';
import type { RepositoryPorts } from './ports.ts';
import { findRunning, withScans } from './running.ts';
import type { RepositorySettings } from './settings.ts';
import { orThrow, type Unread, unreadOf } from './unread.ts';

/** What the audit has to say of one repository. */
export interface RepositoryOutcome {
  readonly images: number;
  readonly findings: readonly AuditFinding[];
  /** What could not be read of it. */
  readonly unread: readonly Unread[];
}

/** What holds for every repository of one audit. */
export interface Audited {
  readonly question: Question;
  readonly registry: RegistryFacts;
  /** Whether the tables tell what runs. */
  readonly hasLineage: boolean;
}

/** Every check over one repository. Keeps a page of its images at a time. Throws the SDK's error. */
export async function auditRepository(
  settings: RepositorySettings,
  audited: Audited,
  ports: RepositoryPorts,
): Promise<RepositoryOutcome> {
  const facts = await gather(settings, audited, ports);
  if (!facts) return { images: 0, findings: [], unread: [] };
  const { question } = audited;
  const isNamed = (name: string) => question.production.some((pattern) => matchesGlob(pattern, name));
  return {
    images: facts.census.images,
    findings: [
      ...checkStored(facts),
      ...checkPolicy(facts),
      ...checkScanned(facts),
      ...checkRunningScans(facts, question),
      ...(isProduction(facts, isNamed) ? checkMutability(facts) : []),
      ...checkDeployedTags(facts),
      ...checkLimits(facts),
      ...checkLifecycle(facts),
      ...checkCommits(facts),
    ],
    unread: [...unreadOf('lifecycle-none', facts.lifecycle), ...unreadOf('policy-public', facts.policy)],
  };
}

/** Undefined when the repository was removed meanwhile. */
async function gather(
  settings: RepositorySettings,
  { registry, hasLineage }: Audited,
  ports: RepositoryPorts,
): Promise<RepositoryFacts | undefined> {
  const { repository } = settings;
  const found = hasLineage ? await findRunning(repository, ports) : undefined;
  const digests = new Set(found?.map(({ digest }) => digest));
  const [census, lifecycle, policy] = await together([
    takeCensus(settings, digests, ports),
    ports.readLifecycle(repository),
    ports.readPolicy(repository),
  ]);
  if (!census) return undefined;
  for (const it of [lifecycle, policy]) orThrow(it);
  const running =
    found && (await together(found.map((it) => withScans(repository, it, census, ports.peekScan))));
  const unnamed = hasLineage ? await findUnnamed(census, ports) : undefined;
  const now = toInstant(ports.now());
  return { settings, registry, census, lifecycle, policy, running, unnamed, now };
}

/** Undefined when the repository is gone. */
async function takeCensus(
  settings: RepositorySettings,
  running: Parameters<typeof counted>[3],
  ports: RepositoryPorts,
): Promise<Census | undefined> {
  let census = NO_IMAGES;
  let nextToken: string | undefined;
  do {
    const page = await ports.listImages(settings.repository, nextToken);
    if (!page) return undefined;
    census = counted(census, page.items, settings, running);
    nextToken = page.nextToken;
  } while (nextToken);
  return census;
}

/** Of the images whose tags name no commit those of which nothing else on record does either. */
async function findUnnamed({ unnamed }: Census, ports: RepositoryPorts): Promise<Unnamed> {
  if (unnamed.length === 0) return { lookedAt: 0, tags: [] };
  const { records } = await ports.loadTogether(unnamed.map(({ image }) => image));
  const blind = unnamed.filter((_, nth) => {
    const record = records[nth];
    return record && !record.isUpstream && !commitOf(record);
  });
  return { lookedAt: unnamed.length, tags: blind.map(({ tag }) => tag) };
}
