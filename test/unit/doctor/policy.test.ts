import { describe, expect, test } from 'vitest';
import { isOpen, letsIn, permits, statementsOf } from '../../../lib/doctor/policy.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:scan-response-dev-pushes';
const RULE = 'arn:aws:events:eu-west-1:111122223333:rule/scan-response-dev-image-action';

function statements(...list: readonly object[]) {
  return statementsOf(JSON.stringify({ Version: '2012-10-17', Statement: list }));
}

function allow(overrides: object = {}): object {
  return { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE, ...overrides };
}

describe('what a role permits', () => {
  test.each<[string, boolean, readonly object[]]>([
    ['the very action on the very resource', true, [allow()]],
    ['in a list', true, [allow({ Action: ['sqs:A', 'sqs:SendMessage'], Resource: ['arn:x', QUEUE] })]],
    [
      'by wildcards',
      true,
      [allow({ Action: 'sqs:Send*', Resource: 'arn:*:sqs:*:*:scan-response-???-pushes' })],
    ],
    ['in another case, as IAM reads actions', true, [allow({ Action: 'SQS:sendmessage' })]],
    ['under a condition, which is taken as met', true, [allow({ Condition: { Bool: { a: 'b' } } })]],
    ['another action', false, [allow({ Action: 'sqs:ReceiveMessage' })]],
    ['another resource', false, [allow({ Resource: `${QUEUE}-dead-letters` })]],
    ['a dot is no wildcard', false, [allow({ Resource: QUEUE.replace('scan-response', 'scan.response') })]],
    ['a denial goes first', false, [allow(), allow({ Effect: 'Deny', Resource: '*' })]],
    [
      'a denial under a condition does not',
      true,
      [allow(), allow({ Effect: 'Deny', Condition: { Bool: {} } })],
    ],
    ['nothing', false, []],
  ])('%s', (_what, expected, list) => {
    expect(permits(statements(...list), 'sqs:SendMessage', QUEUE)).toBe(expected);
  });

  test.each(['', 'not JSON', 'null', '{}', '[1]', '{"Statement":"x"}', '{"Statement":[null,5]}'])(
    'the document %j permits nothing',
    (document) => {
      expect(permits(statementsOf(document), 'sqs:SendMessage', QUEUE)).toBe(false);
    },
  );

  test('one statement need not be a list', () => {
    expect(permits(statementsOf(JSON.stringify({ Statement: allow() })), 'sqs:SendMessage', QUEUE)).toBe(
      true,
    );
  });
});

describe('whom a queue lets in', () => {
  const events = { Principal: { Service: 'events.amazonaws.com' } };
  const from = (arns: unknown, key = 'aws:SourceArn') => ({ Condition: { ArnEquals: { [key]: arns } } });
  test.each<[string, boolean, object]>([
    ['the rule', true, { ...events, ...from(RULE) }],
    ['the rule among others', true, { ...events, ...from(['arn:x', RULE]) }],
    ['the rule by a pattern', true, { ...events, ...from('arn:aws:events:*:*:rule/*') }],
    ['whatever EventBridge sends', true, events],
    ['the key in another case', true, { ...events, ...from(RULE, 'AWS:SourceArn') }],
    ['another rule', false, { ...events, ...from(`${RULE}-2`) }],
    ['another service', false, { Principal: { Service: 'sns.amazonaws.com' }, ...from(RULE) }],
    ['a refusal', false, { Effect: 'Deny', ...events, ...from(RULE) }],
    ['to read only', false, { ...events, Action: 'sqs:ReceiveMessage', ...from(RULE) }],
  ])('%s', (_what, expected, overrides) => {
    expect(letsIn(statements(allow(overrides)), RULE)).toBe(expected);
  });

  test.each<[string, boolean, object]>([
    ['anybody', true, { Principal: '*' }],
    ['any account', true, { Principal: { AWS: '*' } }],
    ['anybody under a condition', false, { Principal: '*', ...from(RULE) }],
    ['a service', false, events],
    ['nobody', false, { Effect: 'Deny', Principal: '*' }],
  ])('open to %s', (_what, expected, overrides) => {
    expect(isOpen(statements(allow(overrides)))).toBe(expected);
  });
});
