import { expect, test } from 'vitest';
import { embeddedMetric } from '../../lib/embedded-metric.ts';
import { ofType, packagedResources } from '../contract/template.ts';

// The specification's own words: a target member per metric, and a string per dimension, beside `_aws`.
test('every metric and every dimension that is announced is a member of the line', () => {
  const line = embeddedMetric({ name: 'Unsure', value: 1, functionName: 'f', nowMs: 1_763_000_000_000 });
  const members: Readonly<Record<string, unknown>> = line;
  const [directive] = line._aws.CloudWatchMetrics;
  expect(line._aws.Timestamp).toBe(1_763_000_000_000);
  expect(directive?.Metrics.map(({ Name }) => members[Name])).toEqual([1]);
  expect(directive?.Dimensions.flat().map((name) => members[name])).toEqual(['f']);
});

test('every alarm on our own metrics looks where the lines say', () => {
  const [directive] = embeddedMetric({ name: 'x', value: 1, functionName: 'f', nowMs: 0 })._aws
    .CloudWatchMetrics;
  const alarms = ofType(packagedResources(), 'AWS::CloudWatch::Alarm')
    .map(([, { Properties }]) => Properties)
    .filter(({ MetricName }) => MetricName === 'Unsure');
  expect(alarms.map(({ Namespace }) => Namespace)).toEqual([directive?.Namespace, directive?.Namespace]);
  for (const { Dimensions } of alarms)
    expect(Dimensions.map(({ Name }: { Name: string }) => Name)).toEqual(directive?.Dimensions.flat());
});
