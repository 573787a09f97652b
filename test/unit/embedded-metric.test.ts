import { expect, test } from 'vitest';
import { embeddedMetrics } from '../../lib/embedded-metric.ts';
import { walkMetrics } from '../../lib/reconcile/metrics.ts';
import { ofType, packagedResources } from '../contract/template.ts';

const NOW = new Date('2026-11-20T03:10:00Z');

// The specification's own words: a target member per metric, and a string per dimension, beside `_aws`.
test('every metric and every dimension that is announced is a member of the line', () => {
  const line = embeddedMetrics({
    functionName: 'f',
    nowMs: NOW.getTime(),
    values: { Unsure: 1, LatePercent: 2.5 },
  });
  const members: Readonly<Record<string, unknown>> = line;
  const [directive] = line._aws.CloudWatchMetrics;
  expect(line._aws.Timestamp).toBe(NOW.getTime());
  expect(directive?.Metrics.map(({ Name, Unit }) => [Name, Unit, members[Name]])).toEqual([
    ['Unsure', 'Count', 1],
    ['LatePercent', 'Percent', 2.5],
  ]);
  expect(directive?.Dimensions.flat().map((name) => members[name])).toEqual(['f']);
});

test.each([
  [true, { MissingPercent: 0.5, WalksCompleted: 1 }],
  [false, { MissingPercent: 0.5 }],
])('a walk that is whole (%s) says so, and what it missed', (isWhole, values) => {
  const line = walkMetrics('f', { isWhole, missingPercent: 0.5 }, NOW);
  expect(line).toEqual(embeddedMetrics({ functionName: 'f', nowMs: NOW.getTime(), values }));
});

test('every alarm on our own metrics looks where the lines say', () => {
  const [directive] = embeddedMetrics({ functionName: 'f', nowMs: 0, values: {} })._aws.CloudWatchMetrics;
  const alarms = ofType(packagedResources(), 'AWS::CloudWatch::Alarm')
    .map(([, { Properties }]) => Properties)
    .filter(({ Namespace }) => !Namespace.startsWith('AWS/'));
  expect(alarms.map(({ MetricName }) => MetricName).sort()).toEqual([
    'MissingPercent',
    'Unsure',
    'Unsure',
    'WalksCompleted',
  ]);
  for (const { Namespace, Dimensions } of alarms) {
    expect(Namespace).toBe(directive?.Namespace);
    expect(Dimensions.map(({ Name }: { Name: string }) => Name)).toEqual(directive?.Dimensions.flat());
  }
});
