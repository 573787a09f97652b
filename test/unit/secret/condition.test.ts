import { SSMClient } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { readSecret } from '../../../lib/secret/condition.ts';
import { ServiceFault } from '../../../local/json-protocol.ts';
import { type Answers, openAws } from '../../doubles/aws.ts';
import { loopback } from '../../doubles/loopback.ts';

const NAME = '/scan-response/dev/slack-webhook-url';

async function read(answers: Answers) {
  const { url: endpoint } = await openAws(answers);
  return readSecret(new SSMClient(loopback(endpoint)), NAME);
}

function holding(Type: string, Value: string): Answers {
  return { GetParameter: () => ({ Parameter: { Name: NAME, Type, Value } }) };
}

test.each([
  ['SecureString', 'canary-secret', false],
  ['SecureString', ' \n', true],
  ['String', 'canary-secret', false],
])('a %s: its kind and whether it holds anything, never what', async (type, value, isEmpty) => {
  const answer = await read(holding(type, value));
  expect(answer).toEqual({ state: 'found', value: { type, isEmpty } });
  expect(JSON.stringify(answer)).not.toContain('canary');
});

test('no such parameter', async () => {
  const GetParameter = () => {
    throw new ServiceFault('ParameterNotFound', '');
  };
  expect(await read({ GetParameter })).toEqual({ state: 'absent' });
});

test('a key that may not be used is named', async () => {
  const GetParameter = () => {
    throw new ServiceFault(
      'AccessDeniedException',
      'User: me is not authorized to perform: kms:Decrypt on it',
    );
  };
  expect(await read({ GetParameter })).toEqual({ state: 'denied', action: 'kms:Decrypt' });
});
