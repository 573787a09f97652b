import type { Notice } from '../../../lib/policy/notice.ts';
import type { Finding } from '../../../lib/scan/finding.ts';
import { pushEvent, scanEvent } from '../events.ts';
import { NO_FAULTS, type Simulation, simulation } from '../nothing-lost.ts';
import { type NewsDesk, newsDesk } from './news.ts';
import { criticalIds, type Pool, recordedPool } from './pool.ts';
import { type MovingRegistry, movingRegistry, type Pushed } from './registry.ts';
import { affected, built, PUSHES_A_DAY, type Source, sources, TEAMS } from './team.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Vulnerabilities that are published a day of packages that somebody here has. */
const PUBLISHED_A_DAY = 12;
/** Of pushes: to the main branch, which move `latest`; the others have a tag of their own only. */
const TO_MAIN = 0.6;

/** What so many days were to those who hear of them. */
export interface Replay {
  readonly days: number;
  readonly pushes: number;
  /** As AWS counts them: one for each platform. */
  readonly scans: number;
  /** What a notifier says that has one message for each scan, and one for each critical finding of each scan. */
  readonly onePerScan: number;
  readonly onePerFinding: number;
  /** Notices in Slack, folded or not: what each team would read in a channel of its own. */
  readonly notices: number;
  /** Messages of the one channel that all share. */
  readonly messages: number;
  readonly byReason: Readonly<Record<string, number>>;
  /** Of one team on one day. */
  readonly mostOfATeam: number;
  readonly newCriticals: number;
  readonly neverNamed: number;
  /** Seconds from the scan until a message in Slack named it. */
  readonly namedWithin: readonly number[];
}

interface Stage extends Simulation {
  readonly registry: MovingRegistry;
  readonly news: NewsDesk;
  readonly pool: Pool;
  readonly counts: { pushes: number; scans: number; onePerFinding: number };
}

/** Replays so many days of forty repositories through the service's own code and its queues, in virtual time. */
export async function replayDays(seed: number, days: number, recorded: string): Promise<Replay> {
  const registry = movingRegistry();
  const news = newsDesk(registry);
  const teamDays = new Map<string, number>();
  const byReason: Record<string, number> = {};
  const it = simulation(seed, {
    ...{ scans: 0, seconds: 0, faults: NO_FAULTS, makeWorld: () => registry.world },
    hear({ sink, delivery, atMs }, body) {
      if (sink !== 'slack' || delivery.kind !== 'notice') return;
      news.named(delivery.subject.image.repository.name, body, atMs);
      byReason[delivery.reason] = (byReason[delivery.reason] ?? 0) + 1;
      const key = `${teamOf(delivery)} ${Math.floor(atMs / DAY_MS)}`;
      teamDays.set(key, (teamDays.get(key) ?? 0) + 1);
    },
  });
  const pool = recordedPool(recorded, it.chance);
  const counts = { pushes: 0, scans: 0, onePerFinding: 0 };
  const stage = { ...it, registry, news, pool, counts };
  const all = sources(pool, it.chance);
  for (let day = 0; day < days; day += 1) planDay(stage, all, it.startMs + day * DAY_MS);
  await it.clock.run();
  const notices = [...teamDays.values()].reduce((sum, count) => sum + count, 0);
  return {
    ...counts,
    ...{ days, onePerScan: counts.scans, notices, byReason },
    messages: it.outside.taken.slack,
    mostOfATeam: Math.max(0, ...teamDays.values()),
    newCriticals: news.all.length,
    neverNamed: news.all.filter(({ namedMs }) => namedMs === undefined).length,
    namedWithin: news.all
      .flatMap(({ namedMs, scannedMs }) => (namedMs === undefined ? [] : [(namedMs - scannedMs) / 1000]))
      .sort((a, b) => a - b),
  };
}

/** What a team hears on a day, on average. */
export function perTeamAndDay(count: number, { days }: Pick<Replay, 'days'>): number {
  return Math.round((count / TEAMS / days) * 10) / 10;
}

function teamOf({ subject }: Notice): string {
  return subject.image.repository.name.split('/')[0] ?? '';
}

/** Pushes at working hours; the feed publishes around the clock. Each happens when its time has come. */
function planDay(stage: Stage, all: readonly Source[], dayMs: number): void {
  const { chance, clock } = stage;
  for (const source of all)
    for (let count = 0; count < PUSHES_A_DAY; count += 1)
      clock.at(dayMs + chance.between(7 * HOUR_MS, 19 * HOUR_MS), () => pushOne(stage, source));
  for (let count = 0; count < PUBLISHED_A_DAY; count += 1)
    clock.at(dayMs + chance.between(0, DAY_MS), () => publishOne(stage, all));
}

function pushOne(stage: Stage, source: Source): void {
  const { backend, chance, clock, counts, pool, registry } = stage;
  const isMain = chance.hits(TO_MAIN);
  const findings = built(source, isMain, pool, chance);
  const pushed = registry.push(source, isMain, findings, clock.nowMs());
  counts.pushes += 1;
  const tags = [pushed.tag, ...(isMain ? ['latest' as const] : [])];
  for (const tag of tags) {
    const event = pushEvent({ ...pushed, tag: tag as Pushed['tag'] });
    clock.at(clock.nowMs() + chance.between(200, 2_000), () => backend.queues.pushes.send(event));
  }
  scanSoon(stage, pushed, chance.between(20_000, 60_000));
}

/** Continuous scanning looks again at what is followed; older images are left out, which is in favour of the others. */
function publishOne(stage: Stage, all: readonly Source[]): void {
  const { chance, pool, registry } = stage;
  const finding = pool.publish();
  for (const source of affected(all, chance)) {
    source.main = [...source.main, finding];
    for (const pushed of registry.followed(source)) {
      pushed.findings = [...pushed.findings, finding];
      scanSoon(stage, pushed, chance.between(0, 900_000));
    }
  }
}

/** Each platform is scanned by itself, some seconds from the others. */
function scanSoon(stage: Stage, pushed: Pushed, delayMs: number): void {
  const { chance, clock } = stage;
  const dueMs = clock.nowMs() + delayMs;
  const times = pushed.manifests.map(() => dueMs + chance.between(0, 10_000));
  const lastMs = Math.max(...times);
  for (const [nth, { digest }] of pushed.manifests.entries())
    clock.at(times[nth] ?? dueMs, () => scanOne(stage, pushed, digest, times[nth] === lastMs));
}

function scanOne(stage: Stage, pushed: Pushed, digest: Pushed['image']['digest'], isLast: boolean): void {
  const { backend, chance, clock, counts, news, registry } = stage;
  const findings: readonly Finding[] = pushed.findings;
  const nowMs = clock.nowMs();
  registry.scan(digest, findings, nowMs);
  counts.scans += 1;
  counts.onePerFinding += criticalIds(findings).length;
  if (isLast) news.scanned(pushed, nowMs);
  const event = scanEvent(pushed, digest, nowMs);
  clock.at(nowMs + chance.between(200, 2_000), () => backend.queues.scans.send(event));
}
