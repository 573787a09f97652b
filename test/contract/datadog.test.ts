import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ObjectSerializer as V1 } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/ObjectSerializer.js';
import { ObjectSerializer as V2 } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/models/ObjectSerializer.js';
import * as esbuild from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SENT, trimDatadog } from '../../build/trim-datadog.mjs';
import type { AuditChange } from '../../lib/audit/news.ts';
import type { Heartbeat, SinkMessage } from '../../lib/delivery/delivery.ts';
import type { Sink } from '../../lib/delivery/sink.ts';
import { untrusted } from '../../lib/image/untrusted.ts';
import { parseInstant } from '../../lib/instant.ts';
import type { Notice } from '../../lib/policy/notice.ts';
import { NEWEST_PUSH } from '../../lib/policy/policy.ts';
import { toCounts } from '../../lib/scan/severity.ts';
import { datadogSink } from '../../lib/sinks/datadog/send.ts';
import { type LocalRequest, type LocalResponse, serve } from '../../local/http.ts';
import { aFound, aMeasurement, aNotice } from '../build/notice.ts';
import { isRecorded, RECORDED_DATADOG, validatorOf } from '../doubles/datadog-openapi.ts';

const NOW = new Date('2026-11-20T02:03:04.567Z');
const ROOT = join(import.meta.dirname, '../..');
const ACCEPTED = { status: 202, headers: { 'content-type': 'application/json' }, body: '{"errors":[]}' };

type MakeSink = (baseUrl: string) => Sink;
const sinkFor: MakeSink = (baseUrl) => datadogSink({ readKey: async () => 'key', baseUrl, now: () => NOW });

/** Sends one delivery to a Datadog that gives one reply; returns what became of it and what arrived. */
async function exchange(delivery: SinkMessage, reply: LocalResponse = ACCEPTED, makeSink = sinkFor) {
  const requests: LocalRequest[] = [];
  const datadog = await serve((request) => {
    requests.push(request);
    return reply;
  });
  try {
    const outcome = await makeSink(datadog.url).send(delivery, { possibleRepeat: false });
    return { outcome, body: JSON.parse(requests[0]?.body ?? 'null'), requests };
  } finally {
    await datadog.close();
  }
}

const { found: _found, ...notScanned } = aNotice({
  reason: 'not-scanned',
  unscannable: { status: 'FAILED', description: untrusted('it broke') },
});

const MEASUREMENTS = {
  'with fixable counts': aMeasurement(),
  'of what is clear again': aMeasurement({
    reason: 'resolved',
    gauges: [{ reference: 'latest', counts: toCounts({}), remediatedAfterSeconds: 86_400 }],
  }),
  'without fixable counts': aMeasurement({ gauges: [{ reference: NEWEST_PUSH, counts: toCounts({}) }] }),
};
const NOTICES: Record<string, Notice> = {
  'new findings': aNotice(),
  'first scan': aNotice({ reason: 'first-scan', references: ['latest', NEWEST_PUSH] }),
  resolved: aNotice({ reason: 'resolved', found: aFound({ counts: toCounts({}), shown: [], newCount: 0 }) }),
  'not scanned': notScanned,
};

const HEARTBEAT: Heartbeat = {
  kind: 'measurement',
  key: 'beat',
  beatAt: parseInstant(NOW.toISOString()),
  deployment: 'scan-response-prod',
  references: [],
  audit: [
    {
      ...{ account: '111122223333', region: 'eu-west-1', check: 'policy-public' },
      ...{ severity: 'HIGH', count: 2 },
    },
  ],
};
const CHANGE = { ...HEARTBEAT.audit?.[0], before: 1 } as AuditChange;
const LONGEST = { ...CHANGE, region: 'ap-southeast-7', check: 'running-without-commit', count: 100_000 };
const NEWS: Heartbeat = {
  ...HEARTBEAT,
  key: 'audit',
  news: {
    finishedAt: HEARTBEAT.beatAt,
    changes: Array.from({ length: 30 }, () => LONGEST),
    changed: 31,
  },
};

/** Everything that goes to Datadog. */
const MESSAGES: Record<string, SinkMessage> = {
  ...MEASUREMENTS,
  ...NOTICES,
  heartbeat: HEARTBEAT,
  news: NEWS,
};

describe('the client reads our bodies back', () => {
  test.each(Object.entries({ ...MEASUREMENTS, heartbeat: HEARTBEAT }))(
    'series %s',
    async (_name, measurement) => {
      const { body } = await exchange(measurement);
      expect(oddities(V2.deserialize(body, 'MetricPayload'))).toEqual([]);
    },
  );

  test.each<[string, SinkMessage]>(Object.entries({ ...NOTICES, news: NEWS }))(
    'event: %s',
    async (_name, notice) => {
      const { body } = await exchange(notice);
      expect(oddities(V1.deserialize(body, 'EventCreateRequest'))).toEqual([]);
    },
  );

  test('and would notice an unknown key or value', () => {
    const event = { title: 'a', text: 'b', alert_type: 'loud', tittle: 'c' };
    const read = V1.deserialize(event, 'EventCreateRequest');
    expect(oddities(read)).toEqual(expect.arrayContaining(['additionalProperties', '_unparsed']));
  });
});

/** The marks that the client leaves on what it does not know, anywhere in a model. */
function oddities(model: unknown): string[] {
  if (typeof model !== 'object' || model === null) return [];
  return Object.entries(model).flatMap(([key, value]) => {
    const isOdd = value !== undefined && (key === '_unparsed' || key === 'additionalProperties');
    return [...(isOdd ? [key] : []), ...oddities(value)];
  });
}

describe.skipIf(!isRecorded)('Datadog’s own OpenAPI (recorded)', () => {
  test.each(Object.entries({ ...MEASUREMENTS, heartbeat: HEARTBEAT }))(
    'series %s',
    async (_name, measurement) => {
      const errorsIn = validatorOf('v2-series-events.openapi.json', 'MetricPayload');
      const { body } = await exchange(measurement);
      expect(errorsIn(body)).toEqual([]);
      const [first] = body.series;
      expect(errorsIn({ series: [{ ...first, type: 'gauge' }] })).not.toEqual([]);
      expect(errorsIn({ series: [{ ...first, points: [{ timestamp: 1.5, value: 1 }] }] })).not.toEqual([]);
      expect(errorsIn({ series: [{ ...first, points: [{ timestamp: 1, value: null }] }] })).not.toEqual([]);
    },
  );

  test.each<[string, SinkMessage]>(Object.entries({ ...NOTICES, news: NEWS }))(
    'event: %s',
    async (_name, notice) => {
      const errorsIn = validatorOf('v1-events-checks-monitors.openapi.json', 'EventCreateRequest');
      const { body } = await exchange(notice);
      expect(errorsIn(body)).toEqual([]);
      expect(errorsIn({ ...body, text: 'x'.repeat(4001) })).not.toEqual([]);
      expect(errorsIn({ ...body, alert_type: 'loud' })).not.toEqual([]);
    },
  );

  test.each([
    ['v2-series-202.json', aMeasurement(), { state: 'sent' }],
    ['v1-event-202.json', aNotice(), { state: 'sent', receipt: '6327818702635911562' }],
    ['v1-event-long-title-202.json', aNotice(), { state: 'sent', receipt: '6327818704671039975' }],
    [
      'v1-event-past-400.json',
      aNotice(),
      { state: 'rejected', why: 'Datadog answered 400: Event too far in the past' },
    ],
  ])('reply %s', async (file, delivery, expected) => {
    const [recorded] = JSON.parse(readFileSync(join(RECORDED_DATADOG, file), 'utf8'));
    const { status, contentType, response } = recorded;
    const reply = { status, headers: { 'content-type': contentType }, body: response };
    const { outcome, requests } = await exchange(delivery, reply);
    expect(outcome).toEqual(expected);
    expect(new URL(recorded.url).pathname).toBe(requests[0]?.path);
  });
});

interface Trimmed {
  readonly datadogSink: typeof datadogSink;
  readonly EventsApi: typeof import('@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/apis/EventsApi.js').EventsApi;
  readonly MetricsApi: typeof import('@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/apis/MetricsApi.js').MetricsApi;
  readonly createConfiguration: typeof import('@datadog/datadog-api-client/dist/packages/datadog-api-client-common/configuration.js').createConfiguration;
}

describe('the trimmed client, bundled', () => {
  let folder: string;
  let trimmed: Trimmed;
  const client = '@datadog/datadog-api-client/dist/packages';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'datadog-'));
    await esbuild.build({
      stdin: {
        contents: `export { datadogSink } from './lib/sinks/datadog/send.ts';
          export { EventsApi } from '${client}/datadog-api-client-v1/apis/EventsApi.js';
          export { MetricsApi } from '${client}/datadog-api-client-v2/apis/MetricsApi.js';
          export { createConfiguration } from '${client}/datadog-api-client-common/configuration.js';`,
        resolveDir: ROOT,
        loader: 'ts',
      },
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      outfile: join(folder, 'bundle.cjs'),
      plugins: [trimDatadog(SENT)],
    });
    trimmed = createRequire(import.meta.url)(join(folder, 'bundle.cjs'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(Object.entries(MESSAGES))('posts the same %s as the whole client', async (_kind, delivery) => {
    const bundledSink: MakeSink = (baseUrl) =>
      trimmed.datadogSink({ readKey: async () => 'key', baseUrl, now: () => NOW });
    const bundled = await exchange(delivery, ACCEPTED, bundledSink);
    const whole = await exchange(delivery);
    expect(whole.requests).toHaveLength(1);
    expect(bundled.outcome).toEqual({ state: 'sent' });
    expect(bundled.requests).toEqual(whole.requests.map((it) => ({ ...it, headers: expect.anything() })));
    expect(bundled.requests[0]?.headers['dd-api-key']).toBe('key');
  });

  test('still refuses a type of series that there is not', async () => {
    const api = new trimmed.MetricsApi(trimmed.createConfiguration());
    const body = { series: [{ metric: 'm', type: 7 as 3, points: [{ timestamp: 1, value: 1 }] }] };
    await expect(api.submitMetrics({ body })).rejects.toThrow("unknown enum value '7'");
  });

  test('still refuses a value that an enumeration does not have', async () => {
    const api = new trimmed.EventsApi(trimmed.createConfiguration());
    const body = { title: 'a', text: 'b', alertType: 'loud' as 'error' };
    await expect(api.createEvent({ body })).rejects.toThrow("unknown enum value 'loud'");
  });
});
