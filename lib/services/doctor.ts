import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { readAlarms, readOldestAges } from '../deployment/alarm.ts';
import { readFunction, readMappings, readReservedConcurrency } from '../deployment/function.ts';
import { readRole } from '../deployment/role.ts';
import { readRule, readTargets } from '../deployment/rule.ts';
import type { DoctorPorts } from '../doctor/facts.ts';
import { readQueue } from '../queue/condition.ts';
import { readScanning } from '../registry/scanning.ts';
import { readSecret } from '../secret/condition.ts';
import { readTopic } from '../sinks/sns/listeners.ts';
import { readNewest, readRecovery, readTable } from '../store/condition.ts';
import { inRegion } from './caller.ts';
import { now, on } from './connect.ts';

// The composition root of the doctor, apart so that nobody else loads these clients.

/** A person waits for the answer; the fourth try is for a control plane that throttles. */
const BRISK = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
};

/** What the doctor reads, with the caller's own credentials; `region` goes before the caller's own. */
export function doctorPorts(region: string | undefined): DoctorPorts {
  const config = inRegion(region, BRISK);
  const cloudWatch = new CloudWatchClient(config);
  const eventBridge = new EventBridgeClient(config);
  const lambda = new LambdaClient(config);
  const iam = new IAMClient(config);
  const sqs = new SQSClient(config);
  const sns = new SNSClient(config);
  const ssm = new SSMClient(config);
  const ecr = new ECRClient(config);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(config));
  return {
    now,
    readRule: on(eventBridge, readRule),
    readTargets: on(eventBridge, readTargets),
    readQueue: on(sqs, readQueue),
    readOldestAges: (names) => readOldestAges(cloudWatch, names, now()),
    readFunction: on(lambda, readFunction),
    readReservedConcurrency: on(lambda, readReservedConcurrency),
    readMappings: on(lambda, readMappings),
    readRole: on(iam, readRole),
    readTable: (name) => readTable({ client, name }),
    readRecovery: (name) => readRecovery({ client, name }),
    readNewest: (name, kind) => readNewest({ client, name }, kind),
    readSecret: on(ssm, readSecret),
    readTopic: on(sns, readTopic),
    readAlarms: on(cloudWatch, readAlarms),
    readScanning: on(ecr, readScanning),
  };
}
