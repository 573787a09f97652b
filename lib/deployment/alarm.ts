import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmFacts } from '../doctor/facts.ts';
import { type Reading, reading } from '../doctor/reading.ts';

/** SQS reports once a minute, some minutes late. */
const LOOK_BACK_MS = 15 * 60_000;

/** The alarms whose names begin so; a page holds a hundred. */
export function readAlarms(
  client: CloudWatchClient,
  prefix: string,
): Promise<Reading<readonly AlarmFacts[]>> {
  return reading('cloudwatch:DescribeAlarms', async () => {
    const { MetricAlarms = [] } = await client.send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: prefix, MaxRecords: 100 }),
    );
    return MetricAlarms.map(({ AlarmName = '', StateValue, ActionsEnabled, AlarmActions = [] }) => ({
      name: AlarmName,
      isRinging: StateValue === 'ALARM',
      isArmed: ActionsEnabled ?? true,
      actions: AlarmActions,
    }));
  });
}

/** The age of the oldest message of each queue in seconds, by CloudWatch's newest number of the last 15 minutes. */
export function readOldestAges(
  client: CloudWatchClient,
  queues: readonly string[],
  now: Date,
): Promise<Reading<Readonly<Record<string, number | undefined>>>> {
  return reading('cloudwatch:GetMetricData', async () => {
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(now.getTime() - LOOK_BACK_MS),
        EndTime: now,
        ScanBy: 'TimestampDescending',
        MetricDataQueries: queues.map((queue, index) => ({
          Id: `age${index}`,
          MetricStat: {
            Metric: {
              Namespace: 'AWS/SQS',
              MetricName: 'ApproximateAgeOfOldestMessage',
              Dimensions: [{ Name: 'QueueName', Value: queue }],
            },
            Period: 60,
            Stat: 'Maximum',
          },
        })),
      }),
    );
    const newest = new Map(MetricDataResults.map(({ Id, Values }) => [Id, Values?.[0]]));
    return Object.fromEntries(queues.map((queue, index) => [queue, newest.get(`age${index}`)]));
  });
}
