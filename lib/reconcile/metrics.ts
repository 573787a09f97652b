import type { Walk } from './reconcile.ts';

const NAMESPACE = 'ScanResponse';

/**
 * Fields of a log line that CloudWatch makes metrics of: the alarms read them. A walk that is not at its end yet
 * says nothing of `WalksCompleted`, so that a walk that never ends is missed.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function walkMetrics(
  functionName: string,
  { isWhole, missingPercent }: Pick<Walk, 'isWhole' | 'missingPercent'>,
  now: Date,
): object {
  const values = { MissingPercent: missingPercent, ...(isWhole && { WalksCompleted: 1 }) };
  const Metrics = Object.keys(values).map((Name) => ({
    Name,
    Unit: Name === 'MissingPercent' ? 'Percent' : 'Count',
  }));
  return {
    _aws: {
      Timestamp: now.getTime(),
      CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [['FunctionName']], Metrics }],
    },
    FunctionName: functionName,
    ...values,
  };
}
