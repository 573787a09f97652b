/** Numbers about a function, as a log line carries them to CloudWatch. */
export interface FunctionMetrics {
  readonly functionName: string;
  readonly nowMs: number;
  /** By the metric's name, which says its unit: `…Percent`, else a count. */
  readonly values: Readonly<Record<string, number>>;
}

/** Where CloudWatch keeps our own metrics. */
const NAMESPACE = 'ScanResponse';

/**
 * The fields that make a log line metrics too: CloudWatch reads them out of what a function prints, so that
 * counting takes no call and no permission.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics({ functionName, nowMs, values }: FunctionMetrics) {
  const Metrics = Object.keys(values).map((Name) => ({
    Name,
    Unit: Name.endsWith('Percent') ? 'Percent' : 'Count',
  }));
  return {
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [['FunctionName']], Metrics }],
    },
    FunctionName: functionName,
    ...values,
  };
}
