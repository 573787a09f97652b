import { describe, expect, test } from 'vitest';
import { declared, handlesIn } from '../../../lib/datadog/declared.ts';
import { terraform } from '../../../lib/datadog/terraform.ts';
import { NEWEST_PUSH } from '../../../lib/policy/policy.ts';
import { toCounts } from '../../../lib/scan/severity.ts';
import { noticeEvent } from '../../../lib/sinks/datadog/event.ts';
import { answeredSeries, gaugeSeries, heartbeatSeries } from '../../../lib/sinks/datadog/series.ts';
import { aMeasurement, aNotice } from '../../build/notice.ts';

const DEPLOYMENT = 'scan-response-prod-eu-west-1';
const NOW = new Date('2026-11-20T02:03:04Z');
const all = declared({ deployment: DEPLOYMENT, handles: [] });
const [monitor, watchdog, dashboard] = all;

/** What we post, as Datadog keeps it: the metric with the keys of its tags. */
const POSTED = [
  ...gaugeSeries(
    aMeasurement({
      gauges: [
        {
          ...{ reference: NEWEST_PUSH, counts: toCounts({}), fixable: toCounts({}) },
          remediatedAfterSeconds: 60,
        },
      ],
    }),
    NOW,
  ),
  ...answeredSeries(aMeasurement({ reason: 'new-findings' }), NOW),
  ...heartbeatSeries({
    kind: 'measurement',
    key: 'k',
    beatAt: NOW.toISOString() as never,
    deployment: DEPLOYMENT,
    references: [],
    audit: [
      {
        ...{ account: '111122223333', region: 'eu-west-1', check: 'lifecycle-none' },
        ...{ severity: 'MEDIUM', count: 1 },
      },
    ],
  }),
];

/** Every query of metrics in a document: the metric, what it filters by, and the keys that it groups by. */
function queriesIn(document: unknown) {
  const text = JSON.stringify(document);
  return [...text.matchAll(/(?:max|sum):([a-z_.]+)\{([^}]*)\}(?: by \{([^}]*)\})?/g)].map(
    ([, metric = '', filter = '', by = '']) => ({ metric, filter, by: by.split(',').filter(Boolean) }),
  );
}

describe('what is declared asks for what we post', () => {
  const queries = queriesIn(all.map(({ body }) => body));

  test('there are queries in every document', () => {
    expect(all.map(({ body }) => queriesIn(body).length > 0)).toEqual([true, true, true]);
  });

  test.each(queries)('$metric{$filter} by $by', ({ metric, filter, by }) => {
    const series = POSTED.filter((it) => it.metric === metric);
    expect(series.length).toBeGreaterThan(0);
    const filters = filter.split(',').filter((it) => it !== '*');
    const fits = series.some(({ tags = [] }) => {
      const keys = tags.map((tag) => tag.split(':', 1)[0]);
      const asked = filters.every((it) =>
        it.startsWith('$') ? keys.includes(it.slice(1)) : tags.includes(it),
      );
      return asked && by.every((key) => keys.includes(key));
    });
    expect(fits).toBe(true);
  });

  test('the dashboard shows events by a tag that they have', () => {
    expect(JSON.stringify(dashboard?.body)).toContain('"query":"service:scan-response $repository"');
    expect(noticeEvent(aNotice(), NOW).tags).toContain('service:scan-response');
  });
});

describe('the monitors', () => {
  test.each([monitor, watchdog])('say their threshold twice, and the same', (it) => {
    const { query, options } = Object(it?.body);
    expect(Number(/[\d.]+$/.exec(query)?.[0])).toBe(options.thresholds.critical);
  });

  test('notify by what the query groups by', () => {
    const { query, options } = Object(monitor?.body);
    expect(options.notify_by).toEqual(queriesIn(query)[0]?.by);
  });

  test('only the watchdog tells of missing data, after twice its window', () => {
    const { options, query } = Object(watchdog?.body);
    expect(Object(monitor?.body).options.notify_no_data).toBe(false);
    expect(options.notify_no_data).toBe(true);
    expect(options.no_data_timeframe).toBe(2 * Number(/last_(\d+)m/.exec(query)?.[1]));
  });

  test('end with the page and those who are told', () => {
    const [first, second] = declared({
      deployment: DEPLOYMENT,
      handles: ['@slack-security', '@you@example.com'],
      runbookUrl: 'https://wiki.example.com/ecr',
    });
    for (const it of [first, second])
      expect(Object(it?.body).message).toMatch(
        /\}\}\nRunbook: https:\/\/wiki\.example\.com\/ecr\n@slack-security @you@example\.com$/,
      );
    expect(handlesIn(Object(first?.body).message)).toEqual(['@slack-security', '@you@example.com']);
    expect(handlesIn(Object(monitor?.body).message)).toEqual([]);
  });

  test('bear marks that tell them apart, and each deployment’s watchdog from another’s', () => {
    expect(monitor?.marks).toEqual(['managed_by:scan-response', 'monitor_key:critical-vulnerabilities']);
    expect(watchdog?.marks).toEqual([
      ...['managed_by:scan-response', 'monitor_key:heartbeat', `deployment:${DEPLOYMENT}`],
    ]);
    expect(dashboard?.marks).toEqual(['managed_by:scan-response', 'dashboard_key:vulnerabilities']);
    expect(JSON.stringify(all.map(({ body }) => body))).not.toContain('DEPLOYMENT');
  });
});

describe('as Terraform', () => {
  const lines = terraform(all);
  /** JSON in an expression of HCL, whose templates begin with `${` and `%{`. */
  const documents = [...lines.join('\n').matchAll(/jsonencode\((\{.*?\n {2}\})\)\n\}/gs)].map(
    ([, json = '']) => JSON.parse(json.replaceAll(/([$%])\1\{/g, '$1{')),
  );

  test('the resources hold the same documents', () => {
    expect(documents).toEqual(all.map(({ body }) => body));
    expect(lines.filter((it) => it.startsWith('resource'))).toEqual([
      'resource "datadog_monitor_json" "scan_response_monitor" {',
      'resource "datadog_monitor_json" "scan_response_watchdog" {',
      'resource "datadog_dashboard_json" "scan_response_dashboard" {',
    ]);
  });

  test('nothing in a document becomes a template', () => {
    const body = { message: ['costs $', '{money} and %', '{if x}'].join('') };
    const text = terraform([{ key: 'monitor', kind: 'monitor', marks: [], body }]).join('\n');
    expect(text).toContain(['costs $$', '{money} and %%', '{if x}'].join(''));
  });
});
