import { describe, expect, test } from 'vitest';
import { actorOf, actorOfCaller } from '../../../lib/image/actor.ts';

describe('who did it, as CloudTrail says it', () => {
  test.each([
    [
      'a role, without the name of its session',
      { arn: 'arn:aws:sts::111122223333:assumed-role/ci/mary@example.com' },
      'role/ci',
    ],
    [
      'a user',
      { type: 'IAMUser', userName: 'mary', arn: 'arn:aws:iam::111122223333:user/x/mary' },
      'user/mary',
    ],
    ['the root user', { type: 'Root', arn: 'arn:aws:iam::111122223333:root' }, 'root'],
    [
      'a federated user',
      { arn: 'arn:aws:sts::111122223333:federated-user/mary@example.com' },
      'federated-user',
    ],
    [
      'a service',
      { type: 'AWSService', invokedBy: 'codebuild.amazonaws.com' },
      'service/codebuild.amazonaws.com',
    ],
    ['another account', { type: 'AWSAccount', accountId: '222233334444' }, 'account/222233334444'],
    ['nobody', {}, undefined],
  ])('%s', (_, identity, name) => {
    expect(actorOf({ type: '', arn: '', ...identity })).toBe(name);
  });
});

describe('who asks, as STS says it', () => {
  test.each([
    ['a role', 'arn:aws:sts::111122223333:assumed-role/ci/mary@example.com', 'role/ci'],
    ['a user', 'arn:aws:iam::111122223333:user/mary', 'user/mary'],
    ['a user with a path', 'arn:aws:iam::111122223333:user/x/y/mary', 'user/mary'],
    ['the root user', 'arn:aws:iam::111122223333:root', 'root'],
    ['a federated user', 'arn:aws:sts::111122223333:federated-user/mary@example.com', 'federated-user'],
    ['somebody else', 'arn:aws:iam::111122223333:something', 'account/111122223333'],
  ])('%s', (_, arn, name) => {
    expect(actorOfCaller(arn, '111122223333')).toBe(name);
  });

  test('nobody', () => {
    expect(actorOfCaller('', undefined)).toBeUndefined();
  });
});
