import { expect, test } from 'vitest';
import { reading } from '../../../lib/doctor/reading.ts';

function failing(name: string, message = 'no') {
  return () => Promise.reject(Object.assign(new Error(message), { name }));
}

test('an answer is found, even when it is false or 0', async () => {
  expect(await reading('a:B', async () => false)).toEqual({ state: 'found', value: false });
  expect(await reading('a:B', async () => 0)).toEqual({ state: 'found', value: 0 });
});

test('undefined is not there', async () => {
  expect(await reading('a:B', async () => undefined)).toEqual({ state: 'absent' });
});

test.each([
  'ResourceNotFoundException',
  'TableNotFoundException',
  'ParameterNotFound',
  'NotFoundException',
  'NoSuchEntityException',
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
])('%s is not there', async (name) => {
  expect(await reading('a:B', failing(name))).toEqual({ state: 'absent' });
});

test.each(['AccessDenied', 'AccessDeniedException', 'AuthorizationErrorException', 'UnauthorizedOperation'])(
  '%s is denied: the action that the message names, else the one that was tried',
  async (name) => {
    const message = 'User: arn:aws:sts::1:x is not authorized to perform: kms:Decrypt on resource: *';
    expect(await reading('ssm:GetParameter', failing(name, message))).toEqual({
      state: 'denied',
      action: 'kms:Decrypt',
    });
    expect(await reading('ssm:GetParameter', failing(name))).toEqual({
      state: 'denied',
      action: 'ssm:GetParameter',
    });
  },
);

test.each(['ThrottlingException', 'TimeoutError', 'ExpiredTokenException', 'UnrecognizedClientException'])(
  '%s is a failure with its words',
  async (name) => {
    const failed = { state: 'failed', name, message: 'why' };
    expect(await reading('a:B', failing(name, 'why'))).toEqual(failed);
  },
);

test('whatever is thrown ends here', async () => {
  const thrown = await reading('a:B', () => Promise.reject('a text'));
  expect(thrown).toEqual({ state: 'failed', name: 'Error', message: 'a text' });
});
