import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/image/digest.ts';
import { type RepositoriesAnswer, repositories } from '../../../lib/lookup/repositories.ts';
import { NEWEST_PUSH } from '../../../lib/policy/policy.ts';
import { saveAuditCounts } from '../../../lib/store/daily-audit.ts';
import { saveMark } from '../../../lib/store/image.ts';
import { saveVerification } from '../../../lib/store/reconciliation.ts';
import { saveRun, saveTask } from '../../../lib/store/workload.ts';
import { aRun, aWorkload } from '../../build/ecs.ts';
import { aDigest, anImageOf, aRepository, at } from '../../build/lineage.ts';
import { aFinding } from '../../build/notice.ts';
import { aScan } from '../../build/scan.ts';
import { openTables, type Tables } from '../../doubles/dynamodb.ts';
import { looker } from '../../doubles/looks.ts';
import { recorder } from '../../doubles/lookup.ts';
import { overviewOf } from '../../doubles/overview.ts';

const [A, B, C] = ['a', 'b', 'c'].map(aDigest) as [Digest, Digest, Digest];
const critical = [aFinding()];
const high = [aFinding({ severity: 'HIGH' })];

/** Writes what becomes known of one repository. */
function of(tables: Tables, name: string, more: { readonly region?: string } = {}) {
  const repository = aRepository({ name, ...more });
  return {
    repository,
    ...recorder(tables, repository),
    ...looker(tables, repository),
    async runs(service: string, digest: Digest): Promise<void> {
      const run = aRun({ digest, repository, workload: aWorkload({ name: service }) });
      await saveRun(tables.lineage, run);
      await saveTask(tables.lineage, { run, taskId: `${name} ${service}`, version: 1 });
    },
  };
}

/** A repository whose `latest` is what the word says. */
async function becomes(it: ReturnType<typeof of>, word: string): Promise<void> {
  await it.tag('latest', '02:00', A);
  const findings = { clean: [], high, critical, runs: critical, more: [...critical, ...high] }[word];
  if (findings) await it.look('latest', A, at('02:10'), findings);
  if (word === 'unscanned') await it.unscanned('latest', A, at('02:10'));
  if (word === 'runs') await it.runs('web', A);
}

async function overview(tables: Tables, asked = {}, now?: string): Promise<RepositoriesAnswer> {
  const answer = await repositories({ limit: 50, ...asked }, overviewOf(tables, now));
  return answer.found === 'list' ? answer : expect.fail(answer.why);
}

async function only(tables: Tables, now?: string) {
  const [it, ...more] = (await overview(tables, {}, now)).repositories;
  expect(more).toEqual([]);
  return it ?? expect.fail('no repository');
}

test('nothing is on record: that is said, with when something is', async () => {
  expect(await repositories({ limit: 50 }, overviewOf(await openTables()))).toMatchObject({
    found: 'nothing',
    why: expect.stringContaining('no repository is on record'),
    hint: expect.stringContaining('first push'),
  });
});

describe('a reference', () => {
  test('says what is open, of it what is fixable, since when, and which commit it is', async () => {
    const tables = await openTables();
    const api = of(tables, 'api');
    const commit = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
    await api.tag('latest', '02:00', A);
    await api.image(A, ['latest', commit]);
    await api.look('latest', A, at('02:10'), [...critical, ...high]);
    expect(await only(tables)).toMatchObject({
      standing: 'critical',
      lastPushAt: at('02:00'),
      references: [
        {
          reference: 'latest',
          digest: A,
          since: at('02:00'),
          state: 'scanned',
          openSince: at('02:10'),
          counts: { CRITICAL: 1, HIGH: 1 },
          fixable: { CRITICAL: 1, HIGH: 1 },
          provenance: { best: { commit } },
        },
      ],
    });
  });

  test('whose image could not be scanned is not scanned, whatever the image before had', async () => {
    const tables = await openTables();
    const api = of(tables, 'api');
    await api.tag('latest', '02:00', A);
    await api.look('latest', A, at('02:10'), high);
    await api.tag('latest', '03:00', B);
    await api.unscanned('latest', B, at('03:10'));
    const { standing, references } = await only(tables);
    expect(standing).toBe('not-scanned');
    expect(references).toMatchObject([
      {
        digest: B,
        state: 'not-scanned',
        status: 'UNSUPPORTED_IMAGE',
        before: { digest: A, counts: { HIGH: 1 } },
      },
    ]);
    expect(references[0]).not.toHaveProperty('counts');
  });

  test('that moved waits for its scan, and after an hour is not scanned', async () => {
    const tables = await openTables();
    const api = of(tables, 'api');
    await api.look('latest', A, at('02:10'), []);
    await api.tag('latest', '03:00', B);
    for (const [now, state] of [
      ['04:00', 'waiting'],
      ['04:01', 'not-scanned'],
    ] as const) {
      const { standing, references } = await only(tables, now);
      expect([standing, references[0]?.state, references[0]?.counts]).toEqual([state, state, undefined]);
    }
  });

  test('that moved to an image with a scan on record has that', async () => {
    const tables = await openTables();
    const api = of(tables, 'api');
    await api.look('release', A, at('02:10'), []);
    await api.tag('release', '03:00', B);
    await api.scan(B, aScan({ findings: critical, platforms: [{ digest: B, state: 'scanned' }] }));
    expect((await only(tables)).references).toMatchObject([
      { digest: B, state: 'scanned', counts: { CRITICAL: 1 } },
    ]);
    // Of a scan in which no platform was read nobody knows anything.
    await api.scan(
      B,
      aScan({ findings: [], platforms: [{ digest: B, state: 'pending' }], completedAt: at('05:00') }),
    );
    expect((await only(tables)).references).toMatchObject([{ digest: B, state: 'not-scanned' }]);
  });

  test('that was deleted, itself or with its image, is not there', async () => {
    const tables = await openTables();
    const api = of(tables, 'api');
    await api.tag('latest', '02:00', A);
    await api.tag('main', '02:00', B);
    await api.image(B, ['main']);
    await api.look('latest', A, at('02:10'), critical);
    await api.look('main', B, at('02:10'), critical);
    await api.tag('latest', '03:00');
    await saveMark(tables.lineage, anImageOf(B, api.repository), { op: 'delete', at: at('03:00') });
    expect(await only(tables)).toMatchObject({ standing: 'unknown', references: [] });
  });

  test('that is the newest push is there only where no tag that is followed is the same image', async () => {
    const tables = await openTables();
    const api = of(tables, 'api');
    await api.tag('latest', '02:00', A);
    await api.look('latest', A, at('02:10'), []);
    await api.look(NEWEST_PUSH, A, at('02:10'), [], { isAside: true });
    expect((await only(tables)).references.map((it) => it.reference)).toEqual(['latest']);
    await api.look(NEWEST_PUSH, B, at('03:10'), critical);
    expect((await only(tables)).references.map((it) => it.reference)).toEqual([NEWEST_PUSH, 'latest']);
  });
});

describe('what runs', () => {
  test('with the image of a reference, a platform of it, or an image that nothing points to any more', async () => {
    const tables = await openTables();
    const api = of(tables, 'api');
    const platforms = [{ platform: 'linux/arm64', digest: C }];
    await api.tag('latest', '02:00', A);
    await api.image(A, ['latest'], { kind: 'index', platforms });
    await api.look('latest', A, at('02:10'), high);
    await api.runs('web', C);
    expect(await only(tables)).toMatchObject({
      standing: 'scanned',
      running: [
        { digest: C, reference: 'latest', counts: { HIGH: 1 }, services: [{ name: 'web', tasks: 1 }] },
      ],
    });
    await api.runs('old', B);
    const before = await only(tables);
    expect(before.standing).toBe('not-scanned');
    expect(before.running).toContainEqual({
      digest: B,
      services: [expect.objectContaining({ name: 'old' })],
    });
    await api.scan(B, aScan({ findings: critical, platforms: [{ digest: B, state: 'scanned' }] }));
    const after = await only(tables);
    expect(after.standing).toBe('runs-critical');
    expect(after.running[0]).toMatchObject({ digest: B, counts: { CRITICAL: 1 } });
  });

  test('is of this repository alone, where another has its name', async () => {
    const tables = await openTables();
    const [here, there] = [of(tables, 'api'), of(tables, 'api', { region: 'us-east-1' })];
    for (const it of [here, there]) {
      await it.tag('latest', '02:00', A);
      await it.look('latest', A, at('02:10'), critical);
    }
    await here.runs('web', A);
    const answer = await overview(tables);
    expect(answer.repositories.map(({ repository: it, standing }) => [it.region, standing])).toEqual([
      ['eu-west-1', 'runs-critical'],
      ['us-east-1', 'critical'],
    ]);
  });
});

test('what runs with criticals comes first, then criticals, then what is not scanned, then the rest', async () => {
  const tables = await openTables();
  for (const name of ['f-none', 'e-clean', 'd-high', 'c-unscanned', 'b-critical', 'a-runs', 'g-more'])
    await becomes(of(tables, name), name.slice(2));
  const { repositories: all } = await overview(tables);
  expect(all.map(({ repository, standing }) => `${repository.name} ${standing}`)).toEqual([
    'a-runs runs-critical',
    'g-more critical',
    'b-critical critical',
    'c-unscanned not-scanned',
    'd-high scanned',
    'e-clean scanned',
    'f-none unknown',
  ]);
});

describe('pages', () => {
  async function many() {
    const tables = await openTables();
    for (let nth = 0; nth < 12; nth += 1) {
      const word = ['clean', 'high', 'unscanned', 'critical'][nth % 4] ?? '';
      await becomes(of(tables, `api-${String(nth).padStart(2, '0')}`), word);
    }
    return tables;
  }

  test.each([1, 2, 3, 5, 6, 7, 12, 50])(
    'of %i have each repository once, the urgent ones first',
    async (limit) => {
      const tables = await many();
      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await overview(tables, { limit, after });
        expect(page.repositories.length).toBeLessThanOrEqual(limit);
        found.push(...page.repositories.map(({ repository, standing }) => `${repository.name} ${standing}`));
        after = page.next;
      } while (after !== undefined);
      expect(found).toHaveLength(12);
      expect(new Set(found).size).toBe(12);
      const standings = found.map((it) => it.split(' ')[1]);
      expect(standings).toEqual([
        ...Array(3).fill('critical'),
        ...Array(3).fill('not-scanned'),
        ...Array(6).fill('scanned'),
      ]);
    },
  );

  test.each([
    '',
    'x',
    'n',
    'u.1.2',
    'n.1:2:3',
    'u.1.2.3',
    'u.-1.0.111122223333:eu-west-1:a',
    'n.111122223333:eu-west-1:A',
  ])('that begin at %j are refused', async (after) => {
    const tables = await openTables();
    await expect(overview(tables, { after })).rejects.toMatchObject({ name: 'BadReference' });
  });
});

test('how far the history was held against the registry, and what the audit counted, once', async () => {
  const tables = await openTables();
  const [never, late, now] = ['never', 'late', 'now'].map((name) => of(tables, name));
  for (const it of [never, late, now]) await it?.tag('latest', '02:00', A);
  const verify = (it: typeof late, time: string) =>
    it && saveVerification(tables.lineage, it.repository, { since: at('01:00'), verifiedAt: at(time) });
  await verify(late, '11:14');
  await verify(now, '11:15');
  const counts = [
    { account: '111122223333', region: 'eu-west-1', check: 'lifecycle-none', severity: 'MEDIUM', count: 2 },
  ] as const;
  const news = { finishedAt: at('05:00'), changes: [], changed: 0 };
  await saveAuditCounts(tables.ledger, { finishedAt: at('05:00'), counts, news });
  const first = await overview(tables, { limit: 2 });
  expect(first.audit).toEqual({ finishedAt: at('05:00'), counts });
  const rest = await overview(tables, { limit: 2, after: first.next });
  expect(rest).not.toHaveProperty('audit');
  const all = [...first.repositories, ...rest.repositories];
  expect(Object.fromEntries(all.map(({ repository, history }) => [repository.name, history]))).toEqual({
    ...{ never: 'never', late: 'late', now: 'verified' },
  });
});
