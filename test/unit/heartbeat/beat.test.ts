import { describe, expect, test } from 'vitest';
import type { DailyCounts } from '../../../lib/audit/daily-ports.ts';
import type { AuditChange } from '../../../lib/audit/news.ts';
import type { Heartbeat } from '../../../lib/delivery/delivery.ts';
import { deliverHeartbeat } from '../../../lib/delivery/heartbeat.ts';
import type { Outcome } from '../../../lib/delivery/sink.ts';
import { beat, REFERENCES_PER_MESSAGE } from '../../../lib/heartbeat/beat.ts';
import { type Instant, parseInstant } from '../../../lib/instant.ts';
import { type Shown, type ShownReference, shownAfter, shownNoMore } from '../../../lib/policy/shown.ts';
import { NO_FINDINGS } from '../../../lib/scan/severity.ts';
import { heartbeatSeries } from '../../../lib/sinks/datadog/series.ts';
import { aRepository, at } from '../../build/lineage.ts';
import { memorySink } from '../../doubles/memory-sink.ts';

const TWO = { ...NO_FINDINGS, CRITICAL: 2 };
const OPEN: Shown = { scanType: 'enhanced', counts: TWO, fixable: { ...NO_FINDINGS, CRITICAL: 1 } };
const CLOSED: Shown = { scanType: 'basic', counts: NO_FINDINGS, closedAt: at('03:00') };
const NOW = new Date(at('03:30'));

function references(count: number, shown = OPEN): readonly ShownReference[] {
  return Array.from({ length: count }, (_, n) => ({
    ...{ repository: aRepository({ name: `team/service-${n}` }), reference: 'latest', shown },
  }));
}

let told: Instant | undefined;

async function beatOf(listed: readonly ShownReference[], audited?: DailyCounts) {
  const said: Heartbeat[] = [];
  const asked: string[] = [];
  const outcome = await beat({
    now: () => NOW,
    policyOf: async () => ({ trackedTags: ['latest', 'release-*'] }),
    deployment: 'scan-response-dev-eu-west-1',
    async listShown(since) {
      asked.push(since);
      return listed;
    },
    loadAudit: async () => audited,
    loadAuditTold: async () => told,
    saveAuditTold: async (finishedAt) => {
      told = finishedAt;
    },
    enqueue: async (heartbeat) => void said.push(heartbeat),
  });
  return { outcome, said, asked };
}

describe('a beat', () => {
  test.each([
    [0, 1],
    [1, 1],
    [70, 1],
    [71, 2],
    [1_000, 15],
    [10_000, 143],
  ])('of %s references is %s messages, each within one request', async (count, messages) => {
    const { outcome, said } = await beatOf(references(count));
    expect(outcome).toEqual({ open: count, closed: 0, messages });
    expect(said).toHaveLength(messages);
    expect(said.flatMap((it) => it.references)).toHaveLength(count);
    for (const it of said) {
      expect(heartbeatSeries(it).length).toBeLessThanOrEqual(1000);
      expect(JSON.stringify(it).length).toBeLessThan(200_000);
    }
    expect(new Set(said.map(({ key }) => key)).size).toBe(messages);
  });

  test('asks for what was closed within a day and an hour, and counts it', async () => {
    const { outcome, asked } = await beatOf([...references(2), ...references(1, CLOSED)]);
    expect(asked).toEqual(['2026-11-19T02:30:00.000Z']);
    expect(outcome).toEqual({ open: 2, closed: 1, messages: 1 });
  });

  test('says zeros for what the policy follows no more, and keeps everything else', async () => {
    const listed = ['latest', 'release-1', '/newest-push', 'main'].map((reference) => ({
      ...{ repository: aRepository(), reference, shown: OPEN },
    }));
    const { outcome, said } = await beatOf(listed);
    expect(outcome).toEqual({ open: 3, closed: 1, messages: 1 });
    const critical = said[0]?.references.map(({ reference, shown }) => [reference, shown.counts.CRITICAL]);
    expect(critical).toEqual([
      ['latest', 2],
      ['release-1', 2],
      ['/newest-push', 2],
      ['main', 0],
    ]);
  });

  test('fills a message to the brim', () => {
    const full = 1 + REFERENCES_PER_MESSAGE * 14;
    expect(full).toBeLessThanOrEqual(1000);
    expect(full + 2 * 14).toBeGreaterThan(1000);
  });
});

describe('what the last audit counted', () => {
  const counts = Array.from({ length: 1_500 }, (_, count) => ({
    ...{ account: '111122223333', region: 'eu-west-1', check: 'lifecycle-none', severity: 'MEDIUM', count },
  })) as DailyCounts['counts'];

  test('is said in messages of its own, each within one request and one message of a queue', async () => {
    const { outcome, said } = await beatOf(references(1), { finishedAt: at('00:10'), counts });
    expect(outcome).toEqual({ open: 1, closed: 0, messages: 4 });
    expect(said[0]).not.toHaveProperty('audit');
    expect(said.flatMap(({ audit = [] }) => audit)).toEqual(counts);
    expect(new Set(said.map(({ key }) => key)).size).toBe(4);
    for (const it of said) {
      expect(heartbeatSeries(it).length).toBeLessThanOrEqual(900);
      expect(JSON.stringify(it).length).toBeLessThan(200_000);
    }
  });

  test.each([
    ['2026-11-17T03:30:00.000Z', 1],
    ['2026-11-17T03:29:59.999Z', 0],
  ])('holds for three days: of %s it is %s more message', async (time, more) => {
    const finishedAt = parseInstant(time);
    const { said } = await beatOf([], { finishedAt, counts: counts.slice(0, 1) });
    expect(said).toHaveLength(1 + more);
  });

  test('is told once when it is another one', async () => {
    const change = { ...counts[3], before: 0 } as AuditChange;
    const news = { finishedAt: at('00:10'), changes: [change], changed: 1 };
    const beats = [await beatOf([], { finishedAt: at('00:10'), counts: [], news })];
    beats.push(await beatOf([], { finishedAt: at('00:10'), counts: [], news }));
    const next = { ...news, finishedAt: at('03:20') };
    beats.push(await beatOf([], { finishedAt: at('03:20'), counts: [], news: next }));
    beats.push(await beatOf([], { finishedAt: at('03:25'), counts: [] }));
    const said = beats.map((it) => it.said.flatMap((heartbeat) => heartbeat.news ?? []));
    expect(said).toEqual([[news], [], [next], []]);
  });

  test('is a gauge of each check and severity of a registry', async () => {
    const { said } = await beatOf([], { finishedAt: at('00:10'), counts: counts.slice(3, 4) });
    const series = said.flatMap(heartbeatSeries).filter(({ metric }) => metric.includes('audit'));
    const tags = ['account_id:111122223333', 'region:eu-west-1', 'check:lifecycle-none', 'severity:medium'];
    expect(series).toEqual([
      {
        ...{ metric: 'scan_response.audit.findings', type: 3, tags },
        points: [{ timestamp: NOW.getTime() / 1000, value: 3 }],
      },
    ]);
  });
});

describe('its series', () => {
  test('are the gauges at the time of reading, and one sign of life', async () => {
    const { said } = await beatOf([...references(1), ...references(1, CLOSED)]);
    const series = said.flatMap(heartbeatSeries);
    expect(new Set(series.map(({ points }) => points[0]?.timestamp))).toEqual(
      new Set([NOW.getTime() / 1000]),
    );
    expect(new Set(series.map(({ type }) => type))).toEqual(new Set([3]));
    const life = series.filter(({ metric }) => metric === 'scan_response.heartbeat');
    expect(life).toMatchObject([
      { tags: ['deployment:scan-response-dev-eu-west-1'], points: [{ value: 1 }] },
    ]);
    const count = (metric: string) => series.filter((it) => it.metric === metric).length;
    expect(count('ecr.image.vulnerabilities')).toBe(14);
    // Basic scanning does not say what has a fix; one kind of scan never speaks for the other.
    expect(count('ecr.image.vulnerabilities.fixable')).toBe(7);
  });
});

describe('told to a sink', () => {
  const heartbeat: Heartbeat = {
    ...{ kind: 'measurement', key: 'beat', beatAt: at('03:30'), deployment: 'dev', references: [] },
  };
  const sent: Outcome = { state: 'sent' };
  const away: Outcome = { state: 'refused', why: 'HTTP 503' };

  test.each<readonly [string, Outcome, string, boolean, string]>([
    ['at once', sent, '03:30', true, 'sent'],
    ['a moment before the next', sent, '03:34:59.999', true, 'sent'],
    ['when the next is due', sent, '03:35', true, 'outdated'],
    ['while the sink is off', sent, '03:30', false, 'off'],
    ['which never takes it', { state: 'rejected', why: 'HTTP 403' }, '03:30', true, 'rejected'],
    ['which is away, when the next is due', away, '03:35', true, 'outdated'],
  ])('%s', async (_, outcome, time, isConfigured, expected) => {
    const { sink, received } = memorySink(outcome, isConfigured);
    expect(await deliverHeartbeat(heartbeat, sink, new Date(at(time)))).toBe(expected);
    expect(received).toHaveLength(['sent', 'rejected'].includes(expected) ? 1 : 0);
  });

  test.each([
    ['04:09:59', 'sent'],
    ['04:10', 'outdated'],
  ] as const)('news waits for forty minutes: %s', async (time, expected) => {
    const { sink } = memorySink(sent);
    const news = { finishedAt: at('03:20'), changes: [], changed: 0 };
    expect(await deliverHeartbeat({ ...heartbeat, news }, sink, new Date(at(time)))).toBe(expected);
  });

  test.each<Outcome>([away, { state: 'unknown', why: 'no answer' }])(
    'comes back: $state',
    async (outcome) => {
      const { sink } = memorySink(outcome);
      await expect(deliverHeartbeat(heartbeat, sink, NOW)).rejects.toMatchObject({
        ...{ name: 'NotReady', retryAfterSeconds: 20 },
      });
    },
  );
});

describe('what is shown after a scan', () => {
  const policy = { notifyAt: 'CRITICAL', at: at('04:00') } as const;
  const clean = { type: 'basic', counts: { ...NO_FINDINGS, HIGH: 3 } } as const;

  test('something open, whatever was before', () => {
    const scan = { type: 'basic', counts: TWO } as const;
    for (const before of [undefined, OPEN, CLOSED])
      expect(shownAfter(scan, before, policy)).toEqual({ scanType: 'basic', counts: TWO });
  });

  test('nothing that was never open', () => {
    expect(shownAfter(clean, undefined, policy)).toBeUndefined();
  });

  test('closed now, and from then on since then', () => {
    const closed = shownAfter(clean, OPEN, policy);
    expect(closed).toEqual({ scanType: 'basic', counts: clean.counts, closedAt: at('04:00') });
    expect(shownAfter(clean, closed, { ...policy, at: at('05:00') })?.closedAt).toBe(at('04:00'));
  });

  test('zeros for a name that stands for nothing any more', () => {
    const none = { scanType: 'enhanced', counts: NO_FINDINGS, fixable: NO_FINDINGS, closedAt: at('04:00') };
    expect(shownNoMore(OPEN, at('04:00'))).toEqual(none);
    expect(shownNoMore(CLOSED, at('04:00'))).toEqual(CLOSED);
  });
});
