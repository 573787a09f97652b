import { describe, expect, test } from 'vitest';
import type { SinkMessage } from '../../../lib/delivery/delivery.ts';
import { SINKS } from '../../../lib/delivery/delivery.ts';
import { RENDERERS } from '../../../lib/preview/renderers.ts';
import { toCounts } from '../../../lib/scan/severity.ts';
import { datadogSink } from '../../../lib/sinks/datadog/send.ts';
import type { Post } from '../../../lib/sinks/post.ts';
import { slackSink } from '../../../lib/sinks/slack/send.ts';
import { at } from '../../build/lineage.ts';
import { aBackground, aMeasurement, aNotice, anImage } from '../../build/notice.ts';

const NOW = new Date('2026-11-20T02:03:04.567Z');
const notice = aNotice({ background: aBackground(), route: { slackChannel: 'C0123456789' } });
const measurement = aMeasurement({ reason: 'unchanged', measuredAt: at('02:03') });
const heartbeat: SinkMessage = {
  ...{ kind: 'measurement', key: 'beat', beatAt: at('02:00'), deployment: 'dev' },
  references: [
    {
      repository: anImage().repository,
      reference: 'latest',
      shown: { scanType: 'enhanced', counts: toCounts({ CRITICAL: 1 }) },
    },
  ],
};

const news: SinkMessage = {
  ...heartbeat,
  references: [],
  news: {
    finishedAt: at('01:59'),
    changes: [
      {
        ...{ account: '111122223333', region: 'eu-west-1', check: 'scan-off', severity: 'HIGH' },
        ...{ count: 2, before: 1 },
      },
    ],
    changed: 1,
  },
};

test('every sink has a renderer', () => {
  expect(Object.keys(RENDERERS).sort()).toEqual([...SINKS, 'chat'].sort());
});

/** The bodies of the requests that a sink would send, by its own code. */
async function bodiesOf(send: (post: Post) => Promise<unknown>): Promise<readonly unknown[]> {
  const bodies: unknown[] = [];
  await send(async (_, { body = '' }) => {
    bodies.push(JSON.parse(body));
    return { status: 202, headers: {}, text: async () => 'ok' };
  });
  return bodies;
}

describe('is exactly what is sent', () => {
  test.each<[string, SinkMessage]>([
    ['a notice', notice],
    ['a measurement', measurement],
    ['a heartbeat', heartbeat],
    ['what the audit of a day found otherwise', news],
  ])('to Datadog: %s', async (_, message) => {
    const sent = await bodiesOf((post) =>
      datadogSink({
        ...{ readKey: async () => 'key', baseUrl: 'https://api.datadoghq.eu', now: () => NOW },
        post,
      }).send(message, { possibleRepeat: false }),
    );
    expect(sent).toEqual([JSON.parse(JSON.stringify(RENDERERS.datadog(message, NOW)?.payload))]);
  });

  test('to Slack', async () => {
    const sent = await bodiesOf((post) =>
      slackSink({
        readUrl: async () => 'https://hooks.slack.com/services/T0/B0/x',
        post,
        allowLoopback: false,
      }).send(notice, {
        possibleRepeat: false,
      }),
    );
    expect(sent).toMatchObject([JSON.parse(JSON.stringify(RENDERERS.slack(notice, NOW)?.payload))]);
  });
});

test('as a person reads it', () => {
  expect(RENDERERS.slack(notice, NOW)).toMatchObject({ form: 'message', to: 'C0123456789' });
  expect(RENDERERS.slack(notice, NOW)?.lines.slice(0, 3)).toEqual([
    '1 critical in demo-api:latest, 1 new',
    '',
    expect.stringMatching(/^demo-api in 111122223333 eu-west-1/),
  ]);
  expect(RENDERERS.sns(notice, NOW)?.lines.slice(0, 2)).toEqual([
    '1 critical in demo-api:latest, 1 new',
    expect.stringContaining('event=opened severity=CRITICAL repository=demo-api'),
  ]);
  expect(RENDERERS.datadog(notice, NOW)).toMatchObject({ form: 'event' });
  expect(RENDERERS.datadog(measurement, NOW)?.lines[0]).toMatch(
    /^ecr\.image\.vulnerabilities 1 {2}.*image_tag:latest severity:critical$/,
  );
});

test('what says nothing to people goes to Datadog alone', () => {
  for (const message of [measurement, heartbeat]) {
    expect(RENDERERS.slack(message, NOW)).toBeUndefined();
    expect(RENDERERS.sns(message, NOW)).toBeUndefined();
    expect(RENDERERS.datadog(message, NOW)?.form).toBe('gauges');
  }
});
