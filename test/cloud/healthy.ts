import { DynamoDBClient, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { ECRClient, PutRegistryScanningConfigurationCommand } from '@aws-sdk/client-ecr';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { toInstant } from '../../lib/instant.ts';
import { saveScan } from '../../lib/store/scan.ts';
import { saveTagEvent } from '../../lib/store/tag-history.ts';
import { aDigest, aTagEvent, aTagName } from '../build/lineage.ts';
import { aSubject } from '../build/notice.ts';
import { aScan } from '../build/scan.ts';
import type { Deployment } from './deployment.ts';
import type { Emulators } from './emulators.ts';

/** What stands in the two secrets: nobody may ever see it again. */
export const CANARIES = ['canary-datadog-0123456789abcdef', 'https://hooks.slack.com/services/canary-slack'];

/**
 * Does what an owner does after the first deploy: gives the sinks their secrets, subscribes somebody, turns scanning
 * on, and lets one push and one scan be recorded.
 */
export async function makeHealthy(emulators: Emulators, deployment: Deployment): Promise<void> {
  const { client, motoUrl = '' } = emulators;
  const ssm = new SSMClient(client);
  const sns = new SNSClient(client);
  const ecr = new ECRClient({ ...client, endpoint: motoUrl });
  const dynamodb = new DynamoDBClient(client);
  try {
    for (const [index, name] of ['datadog-api-key', 'slack-webhook-url'].entries()) {
      const Name = `/scan-response/${deployment.stage}/${name}`;
      await ssm.send(new PutParameterCommand({ Name, Type: 'SecureString', Value: CANARIES[index] ?? '' }));
    }
    for (const topic of ['NoticesTopic', 'OperationsTopic']) {
      const Endpoint = `arn:aws:sqs:${emulators.region}:${emulators.account}:somebody`;
      await sns.send(
        new SubscribeCommand({ TopicArn: deployment.resource(topic), Protocol: 'sqs', Endpoint }),
      );
    }
    await ecr.send(
      new PutRegistryScanningConfigurationCommand({
        scanType: 'BASIC',
        rules: [
          { scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] },
        ],
      }),
    );
    for (const TableName of Object.values(deployment.tables)) await turnRecoveryOn(dynamodb, TableName);
    await recordSomething(dynamodb, deployment);
  } finally {
    for (const it of [ssm, sns, ecr, dynamodb]) it.destroy();
  }
}

/** CloudFormation does this on AWS; ministack 1.5.33 leaves PointInTimeRecoverySpecification out. */
async function turnRecoveryOn(dynamodb: DynamoDBClient, TableName: string): Promise<void> {
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
}

async function recordSomething(dynamodb: DynamoDBClient, { tables }: Deployment): Promise<void> {
  const client = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const now = toInstant(new Date());
  const event = { ...aTagEvent('03:10', aDigest('a')), at: now, recordedAt: now };
  await saveTagEvent({ client, name: tables.lineage }, aTagName(), event);
  await saveScan({ client, name: tables.ledger }, aSubject(), 'a-scan', aScan({ completedAt: now }));
}
