import { describe, expect, test } from 'vitest';
import { auditDaily, type DailyWalk } from '../../../lib/audit/daily.ts';
import type { DailyPorts } from '../../../lib/audit/daily-ports.ts';
import { DAILY_CHECKS } from '../../../lib/audit/tally.ts';
import type { Repository } from '../../../lib/image/reference.ts';
import {
  loadAuditCounts,
  loadAuditWalk,
  saveAuditCounts,
  saveAuditWalk,
} from '../../../lib/store/daily-audit.ts';
import { loadTogether } from '../../../lib/store/load-together.ts';
import { loadRunning } from '../../../lib/store/run.ts';
import { aRepository } from '../../build/lineage.ts';
import { openTables } from '../../doubles/dynamodb.ts';

const MEMBER = '222233334444';
const OPEN = JSON.stringify({
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }],
});

/** A registry in which a test changes what it likes, and the real tables. */
async function ground() {
  const { ledger, lineage } = await openTables();
  const repositories = new Map<string, { hasLifecycle: boolean; policy?: string; trouble?: Error }>();
  const world = { now: new Date('2026-11-20T00:05:00Z'), refused: new Set<string>(), isDenied: false };
  const asked: string[] = [];
  const settingOf = ({ name }: Repository) => {
    const it = repositories.get(name);
    if (it?.trouble) throw it.trouble;
    return it;
  };
  const ports: DailyPorts = {
    now: () => world.now,
    members: [MEMBER],
    async listSettings(account) {
      if (world.refused.has(account ?? '')) throw new Error('not now');
      const names = [...repositories.keys()].filter((name) => name.startsWith('member/') === !!account);
      const set = { mutability: 'MUTABLE', exclusions: [], scansOnPush: false };
      return {
        items: names.map((name) => ({
          repository: aRepository({ name, ...(account && { account }) }),
          ...set,
        })),
      };
    },
    async listImages(repository) {
      asked.push(repository.name);
      return settingOf(repository) && { items: [] };
    },
    readLifecycle: async (it) =>
      settingOf(it)?.hasLifecycle ? { state: 'found', value: true } : { state: 'absent' },
    async readPolicy(it) {
      if (world.isDenied) return { state: 'denied', action: 'ecr:GetRepositoryPolicy' };
      const value = settingOf(it)?.policy;
      return value === undefined ? { state: 'absent' } : { state: 'found', value };
    },
    peekScan: async () => ({ state: 'gone' }),
    loadRunning: (repository) => loadRunning(lineage, repository),
    loadTogether: (images, more) => loadTogether(lineage, images, more),
    loadWalk: () => loadAuditWalk(ledger),
    saveWalk: (walk: DailyWalk) => saveAuditWalk(ledger, walk),
    loadCounts: () => loadAuditCounts(ledger),
    saveCounts: (counts) => saveAuditCounts(ledger, counts),
  };
  const run = (endsAt = '2026-11-30T00:00:00Z', more: Partial<DailyPorts> = {}) =>
    auditDaily(new Date(endsAt), { ...ports, ...more });
  const countsOf = async (account = '111122223333') => {
    const { counts = [] } = (await loadAuditCounts(ledger)) ?? {};
    const own = counts.filter((it) => it.account === account);
    return Object.fromEntries(own.map(({ check, severity, count }) => [`${check} ${severity}`, count]));
  };
  return { repositories, world, asked, ports, run, countsOf, ledger };
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `repo-${String(from + n).padStart(2, '0')}`);

/** A clock that lets through so many looks at it: each chunk of five takes one. */
function chunks(count: number, { now, ...world }: { readonly now: Date }) {
  let looks = 0;
  // The first is for the day, each repository of a chunk takes one more.
  return { ...world, now: () => (looks++ < 1 + 6 * count ? now : new Date('2026-12-01T00:00:00Z')) };
}

describe('the audit of a day', () => {
  test('is whole once, with zeros of every check that was made, and begins again the next day', async () => {
    const { repositories, run, countsOf, world } = await ground();
    repositories.set('good', { hasLifecycle: true });
    repositories.set('wrong', { hasLifecycle: false, policy: OPEN });
    expect(await run()).toEqual({ repositories: 2, isFinished: true, failures: [] });
    const counts = await countsOf();
    const found = { 'lifecycle-none MEDIUM': 1, 'policy-public HIGH': 1 };
    expect(counts).toMatchObject({ ...found, 'policy-public CRITICAL': 0, 'running-gone CRITICAL': 0 });
    // docs/audit.md and docs/deploy.md say what they cost.
    expect(Object.values(counts)).toHaveLength(17);
    expect(Object.values(counts).filter((it) => it > 0)).toEqual([1, 1]);
    expect(new Set(Object.keys(counts).map((it) => it.split(' ')[0]))).toEqual(new Set(DAILY_CHECKS));

    repositories.set('wrong', { hasLifecycle: true });
    world.now = new Date('2026-11-20T23:59:59Z');
    expect(await run()).toBeUndefined();
    expect(await countsOf()).toMatchObject(found);
    world.now = new Date('2026-11-21T00:00:00Z');
    expect(await run()).toMatchObject({ isFinished: true });
    expect(await countsOf()).toMatchObject({ 'lifecycle-none MEDIUM': 0, 'policy-public HIGH': 0 });
  });

  test('says what is otherwise than the day before, what became more first, and nothing when nothing is', async () => {
    const { repositories, run, world, ledger } = await ground();
    const changes = async () => {
      const { news } = (await loadAuditCounts(ledger)) ?? {};
      return news?.changes.map(({ check, before, count }) => [check, before, count]);
    };
    repositories.set('wrong', { hasLifecycle: false });
    await run();
    expect(await changes()).toEqual([['lifecycle-none', undefined, 1]]);
    world.now = new Date('2026-11-21T00:05:00Z');
    await run();
    expect(await changes()).toBeUndefined();
    world.now = new Date('2026-11-22T00:05:00Z');
    repositories.set('wrong', { hasLifecycle: true, policy: OPEN });
    await run();
    expect(await changes()).toEqual([
      ['policy-public', 0, 1],
      ['lifecycle-none', 1, 0],
    ]);
  });

  test('goes on where it stopped, over midnight too, while the registry changes', async () => {
    const { repositories, run, countsOf, world, asked, ledger } = await ground();
    for (const name of numbered(0, 20)) repositories.set(name, { hasLifecycle: false });
    const first = await run('2026-11-25T00:00:00Z', chunks(2, world));
    expect(first).toMatchObject({ repositories: 10, isFinished: false });
    expect(asked).toEqual(numbered(0, 10));
    expect(await loadAuditCounts(ledger)).toBeUndefined();

    repositories.delete('repo-03');
    repositories.delete('repo-15');
    repositories.set('repo-05a', { hasLifecycle: false });
    repositories.set('repo-12a', { hasLifecycle: false });
    world.now = new Date('2026-11-21T00:05:00Z');
    expect(await run()).toMatchObject({ repositories: 10, isFinished: true });
    // What went before its turn is not counted, what came after its turn is for the next day.
    expect(await countsOf()).toMatchObject({ 'lifecycle-none MEDIUM': 20 });
    expect(asked.slice(10)).toEqual([
      ...numbered(10, 13),
      'repo-12a',
      ...numbered(13, 15),
      ...numbered(16, 20),
    ]);
    expect(await run()).toMatchObject({ repositories: 20, isFinished: true });
    expect(await countsOf()).toMatchObject({ 'lifecycle-none MEDIUM': 20 });
    expect(await run()).toBeUndefined();
  });

  test('that died repeats what it had not written down, and counts nothing twice', async () => {
    const { repositories, run, countsOf, ports } = await ground();
    for (const name of numbered(0, 12)) repositories.set(name, { hasLifecycle: false });
    let saves = 0;
    const saveWalk: DailyPorts['saveWalk'] = async (walk) => {
      if (++saves === 2) throw new Error('died');
      await ports.saveWalk(walk);
    };
    await expect(run(undefined, { saveWalk })).rejects.toThrow('died');
    expect(await run()).toMatchObject({ repositories: 7, isFinished: true });
    expect(await countsOf()).toMatchObject({ 'lifecycle-none MEDIUM': 12 });
  });
});

describe('a zero that is not known to be one is not said', () => {
  test('of any check, after a repository that could not be read', async () => {
    const { repositories, run, countsOf } = await ground();
    repositories.set('good', { hasLifecycle: true, policy: OPEN });
    const trouble = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    repositories.set('bad', { hasLifecycle: true, trouble });
    const portion = await run();
    expect(portion).toMatchObject({ isFinished: true });
    expect(portion?.failures).toEqual([{ where: '111122223333#eu-west-1#bad', error: trouble }]);
    expect(await countsOf()).toEqual({ 'policy-public HIGH': 1 });
  });

  test('of the two checks that read a policy which nobody may read', async () => {
    const { repositories, run, countsOf, world } = await ground();
    repositories.set('good', { hasLifecycle: true });
    world.isDenied = true;
    await run();
    const checks = Object.keys(await countsOf()).map((it) => it.split(' ')[0]);
    expect(DAILY_CHECKS.filter((it) => !checks.includes(it))).toEqual(['policy-public', 'policy-wide']);
  });

  test('of a member whose repositories could not all be listed; the others go on', async () => {
    const { repositories, run, countsOf, world } = await ground();
    for (const name of numbered(0, 6)) repositories.set(name, { hasLifecycle: true });
    repositories.set('member/one', { hasLifecycle: false });
    world.refused.add(MEMBER);
    expect(await run('2026-11-25T00:00:00Z', chunks(1, world))).toMatchObject({ isFinished: false });
    world.refused.clear();
    expect(await run()).toMatchObject({ repositories: 2, isFinished: true, failures: [] });
    expect(await countsOf(MEMBER)).toEqual({ 'lifecycle-none MEDIUM': 1 });
    expect(await countsOf()).toMatchObject({ 'lifecycle-none MEDIUM': 0 });
  });

  test('without our own list nothing begins, and the next run tries again', async () => {
    const { repositories, run, countsOf, world } = await ground();
    repositories.set('good', { hasLifecycle: true });
    world.refused.add('');
    expect(await run()).toMatchObject({ repositories: 0, isFinished: false, failures: [{}] });
    expect(await countsOf()).toEqual({});
    world.refused.clear();
    expect(await run()).toMatchObject({ repositories: 1, isFinished: true });
  });
});
