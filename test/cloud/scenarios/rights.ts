import { readFileSync } from 'node:fs';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import type { Service } from '../service.ts';

/** IAM and the policies of the template say no. */
export function testRights(service: () => Service): void {
  test('nobody but deliver-sns publishes a notice, not even the owner of the account', async () => {
    const sns = new SNSClient(service().emulators.client);
    const TopicArn = service().deployment.resource('NoticesTopic');
    const published = sns.send(new PublishCommand({ TopicArn, Message: 'forged' }));
    await expect(published).rejects.toThrow(/is not authorized to perform: sns:Publish/i);
    sns.destroy();
  });

  test('a function that is led to a table of another function may not write there', async () => {
    const { deployment } = service();
    const { lineage, ledger } = deployment.tables;
    const sample = JSON.parse(readFileSync('events/ecr-image-action.delete.json', 'utf8'));
    const attributes = { ApproximateReceiveCount: '1', ApproximateFirstReceiveTimestamp: String(Date.now()) };
    const record = { messageId: 'one', receiptHandle: 'one', body: JSON.stringify(sample), attributes };
    await deployment.setEnvironment('image-pushed', { SCAN_RESPONSE_LINEAGE_TABLE: ledger });
    const { result, log } = await deployment.invoke('image-pushed', { Records: [record] });
    await deployment.setEnvironment('image-pushed', { SCAN_RESPONSE_LINEAGE_TABLE: lineage });
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: 'one' }] });
    expect(log).toMatch(/AccessDenied.*is not authorized to perform: dynamodb:/s);
  });
}
