/** One number about a function, as a log line carries it to CloudWatch. */
export interface FunctionMetric {
  readonly name: string;
  readonly value: number;
  readonly functionName: string;
  readonly nowMs: number;
}

/** Where CloudWatch keeps our own metrics. */
const NAMESPACE = 'ScanResponse';

/**
 * The fields that make a log line a metric too: CloudWatch reads them out of what a function prints, so that
 * counting takes no call and no permission.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetric({ name, value, functionName, nowMs }: FunctionMetric) {
  const metrics = {
    Namespace: NAMESPACE,
    Dimensions: [['FunctionName']],
    Metrics: [{ Name: name, Unit: 'Count' }],
  };
  return {
    _aws: { Timestamp: nowMs, CloudWatchMetrics: [metrics] },
    FunctionName: functionName,
    [name]: value,
  };
}
