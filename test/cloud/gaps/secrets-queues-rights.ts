import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { expect } from 'vitest';
import type { Gap } from './gap.ts';

export const OTHER_GAPS: readonly Gap[] = [
  [
    'a SecureString without decryption',
    'ENCRYPTED:…',
    expect.stringMatching(/^ENCRYPTED:/),
    async ({ ssm }) => {
      await ssm.send(new PutParameterCommand({ Name: '/secret', Value: 'it', Type: 'SecureString' }));
      return (await ssm.send(new GetParameterCommand({ Name: '/secret' }))).Parameter?.Value;
    },
  ],
  [
    'the host of a queue’s URL',
    'localhost',
    'http://127.0.0.1',
    async ({ sqs }) => {
      const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'url' }));
      return QueueUrl.replace(/:\d+\/.*/, '');
    },
  ],
  [
    'a key that nobody has, unless AUTH is set',
    'may do everything',
    'QueueDoesNotExist',
    ({ asNobody, emulators }) => {
      const QueueUrl = `${emulators.url}/111122223333/none`;
      const asked = asNobody((sqs) => sqs.send(new GetQueueAttributesCommand({ QueueUrl })));
      return asked.then(
        () => 'answered',
        (error: Error) => error.name,
      );
    },
  ],
];
