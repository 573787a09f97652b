import type { STSClient } from '@aws-sdk/client-sts';
import { type Reading, reading } from '../doctor/reading.ts';
import { postSigned, type SignedService } from './signed.ts';

/** The state of a key. https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html */
export function readKey(sts: STSClient, kms: SignedService, key: string): Promise<Reading<string>> {
  return reading('kms:DescribeKey', async () => {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'TrentService.DescribeKey',
    };
    const answer = JSON.parse(await postSigned(sts, kms, headers, JSON.stringify({ KeyId: key })));
    const state = answer?.KeyMetadata?.KeyState;
    return typeof state === 'string' ? state : undefined;
  });
}
