import { type Repository, repositoryKey } from '../image/reference.ts';
import { type Instant, toInstant } from '../instant.ts';
import { together } from '../together.ts';
import type { DailyPorts } from './daily-ports.ts';
import { newsOf } from './news.ts';
import { type Audited, auditRepository, type RepositoryOutcome } from './repository.ts';
import type { RepositorySettings } from './settings.ts';
import { countsOf, DAILY_CHECKS, type RegistryTally, withRepository } from './tally.ts';

/** Repositories that are looked at at the same time. */
const AT_ONCE = 5;

/** How far the audit of a day is. */
export interface DailyWalk {
  readonly startedAt: Instant;
  /** Absent while it is on its way. */
  readonly finishedAt?: Instant;
  /** The key of the repository after which it goes on. */
  readonly after?: string;
  /** Empty when it is finished: then the counts are kept by themselves. */
  readonly registries: readonly RegistryTally[];
  /** Members whose repositories could not be listed by one of its runs. */
  readonly unlisted: readonly string[];
}

/** What one run did of it. */
export interface DailyPortion {
  readonly repositories: number;
  readonly isFinished: boolean;
  /** What could not be asked, and why; everything else went on. */
  readonly failures: readonly Failure[];
}

interface Failure {
  readonly where: string;
  readonly error: Error;
}

/**
 * Audits every repository once a UTC day, in the order of their keys and until `endsAt`; the next run goes on. A
 * repository that came meanwhile is looked at if its turn is still to come, and else the next day. Undefined when today's
 * audit is done. Running it again after it died repeats a few repositories and counts none twice.
 */
export async function auditDaily(endsAt: Date, ports: DailyPorts): Promise<DailyPortion | undefined> {
  const now = toInstant(ports.now());
  const before = await ports.loadWalk();
  if (before?.finishedAt && dayOf(before.startedAt) === dayOf(now)) return undefined;
  const begun = before && !before.finishedAt ? before : { startedAt: now, registries: [], unlisted: [] };
  const failures: Failure[] = [];
  const all = await listAll(ports, failures);
  if (failures.some(({ where }) => where === OWN)) return { repositories: 0, isFinished: false, failures };
  const unlisted = [...new Set([...begun.unlisted, ...failures.map(({ where }) => where)])];
  let walk: DailyWalk = { ...begun, unlisted };
  const { after } = walk;
  const left = all.filter(({ repository }) => after === undefined || repositoryKey(repository) > after);
  for (let start = 0; start < left.length; start += AT_ONCE) {
    if (ports.now() >= endsAt) return { repositories: start, isFinished: false, failures };
    const chunk = left.slice(start, start + AT_ONCE);
    const outcomes = await together(chunk.map((it) => attempt(it, ports, failures)));
    const registries = chunk.reduce(
      (them, { repository }, nth) => counted(them, repository, outcomes[nth]),
      walk.registries,
    );
    const last = chunk.at(-1)?.repository;
    walk = { ...walk, registries, ...(last && { after: repositoryKey(last) }) };
    await ports.saveWalk(walk);
  }
  await finish(walk, ports);
  return { repositories: left.length, isFinished: true, failures };
}

/** The counts first: an end that was written down without them would leave them out for a day. */
async function finish({ startedAt, registries, unlisted }: DailyWalk, ports: DailyPorts): Promise<void> {
  const finishedAt = toInstant(ports.now());
  const counts = registries
    .map((it) => (unlisted.includes(it.account) ? { ...it, unread: DAILY_CHECKS } : it))
    .flatMap(countsOf);
  const before = await ports.loadCounts();
  const news = newsOf(before?.counts ?? [], { finishedAt, counts });
  await ports.saveCounts({ finishedAt, counts, ...(news && { news }) });
  await ports.saveWalk({ startedAt, finishedAt, registries: [], unlisted: [] });
}

function counted(
  registries: readonly RegistryTally[],
  { account, region }: Repository,
  outcome: RepositoryOutcome | undefined,
): readonly RegistryTally[] {
  const isSame = (it: RegistryTally) => it.account === account && it.region === region;
  const before = registries.find(isSame) ?? { account, region, repositories: 0, found: {}, unread: [] };
  return [...registries.filter((it) => !isSame(it)), withRepository(before, outcome)];
}

/** One repository's trouble is not the others'; undefined says that nobody knows about it. */
async function attempt(
  settings: RepositorySettings,
  ports: DailyPorts,
  failures: Failure[],
): Promise<RepositoryOutcome | undefined> {
  const { repository } = settings;
  try {
    return await auditRepository(settings, auditedAs(repository), ports);
  } catch (error) {
    failures.push({ where: repositoryKey(repository), error: error as Error });
    return undefined;
  }
}

/** Production is what runs. How the registry scans is not asked, so that no scan is called old. */
function auditedAs(place: Repository): Audited {
  return {
    question: { stage: '', patterns: [], production: [], olderThanDays: Number.POSITIVE_INFINITY },
    registry: { place, scanning: { state: 'absent' }, heard: undefined, names: [] },
    hasLineage: true,
  };
}

const OWN = 'this account';

/** Without our own registry a run does nothing, and the next one tries again; a member may be out of reach for long. */
async function listAll(ports: DailyPorts, failures: Failure[]): Promise<readonly RepositorySettings[]> {
  const all: RepositorySettings[] = [];
  for (const account of [undefined, ...ports.members]) {
    try {
      let nextToken: string | undefined;
      do {
        const page = await ports.listSettings(account, nextToken);
        all.push(...page.items);
        nextToken = page.nextToken;
      } while (nextToken);
    } catch (error) {
      failures.push({ where: account ?? OWN, error: error as Error });
    }
  }
  return all.sort((a, b) => (repositoryKey(a.repository) < repositoryKey(b.repository) ? -1 : 1));
}

function dayOf(at: Instant): string {
  return at.slice(0, '2026-11-20'.length);
}
