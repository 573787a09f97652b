import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { readAlarms, readOldestAges } from '../../../lib/deployment/alarm.ts';
import { readFunction, readMappings, readReservedConcurrency } from '../../../lib/deployment/function.ts';
import { readRole } from '../../../lib/deployment/role.ts';
import { readRule, readTargets } from '../../../lib/deployment/rule.ts';
import { type Answers, openAws } from '../../doubles/aws.ts';
import { loopback } from '../../doubles/loopback.ts';

/** How AWS's own client reaches one that answers so. */
async function config(answers: Answers = {}) {
  const { url } = await openAws(answers);
  return loopback(url);
}

describe('a rule', () => {
  test.each([
    ['ENABLED', true],
    ['ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', true],
    ['DISABLED', false],
  ])('%s', async (State, isEnabled) => {
    const rule = { Arn: 'arn:of:rule', State, EventPattern: '{}' };
    const client = new EventBridgeClient(await config({ DescribeRule: () => rule }));
    expect(await readRule(client, 'a-rule')).toEqual({
      state: 'found',
      value: { arn: 'arn:of:rule', isEnabled, pattern: '{}' },
    });
  });

  test('its targets, with their dead letters', async () => {
    const Targets = [
      { Id: '1', Arn: 'arn:1', DeadLetterConfig: { Arn: 'arn:dead' } },
      { Id: '2', Arn: 'arn:2' },
    ];
    const client = new EventBridgeClient(await config({ ListTargetsByRule: () => ({ Targets }) }));
    expect(await readTargets(client, 'a-rule')).toEqual({
      state: 'found',
      value: [{ arn: 'arn:1', deadLetterArn: 'arn:dead' }, { arn: 'arn:2' }],
    });
  });

  test('one that may not be read names the action of the message', async () => {
    const client = new EventBridgeClient(await config());
    expect(await readRule(client, 'a-rule')).toEqual({ state: 'denied', action: 'any:DescribeRule' });
  });
});

describe('a function', () => {
  const path = '/2015-03-31/functions/a-function/configuration';

  test('its state, role, and environment', async () => {
    const found = {
      FunctionArn: 'arn:of:function',
      Role: 'arn:of:role',
      State: 'Active',
      LastUpdateStatus: 'Failed',
      LastUpdateStatusReason: 'no such image',
      Timeout: 30,
      Environment: { Variables: { SCAN_RESPONSE_X: 'y' } },
    };
    const client = new LambdaClient(await config({ [path]: () => found }));
    expect(await readFunction(client, 'a-function')).toEqual({
      state: 'found',
      value: {
        arn: 'arn:of:function',
        roleArn: 'arn:of:role',
        state: 'Active',
        lastUpdate: 'Failed',
        reason: 'no such image',
        timeoutSeconds: 30,
        environment: { SCAN_RESPONSE_X: 'y' },
      },
    });
  });

  test('may not be read', async () => {
    const client = new LambdaClient(await config());
    expect(await readFunction(client, 'a-function')).toEqual({ state: 'denied', action: 'lambda:Any' });
  });

  test.each([
    [{ ReservedConcurrentExecutions: 0 }, { state: 'found', value: 0 }],
    [{}, { state: 'absent' }],
  ])('reserved concurrency %j', async (answer, expected) => {
    const concurrency = '/2019-09-30/functions/a-function/concurrency';
    const client = new LambdaClient(await config({ [concurrency]: () => answer }));
    expect(await readReservedConcurrency(client, 'a-function')).toEqual(expected);
  });

  test('what it reads', async () => {
    const mapping = { UUID: 'id', EventSourceArn: 'arn:of:queue', State: 'Disabled' };
    const EventSourceMappings = [mapping, { ...mapping, FunctionResponseTypes: ['ReportBatchItemFailures'] }];
    const answer = () => ({ EventSourceMappings });
    const client = new LambdaClient(await config({ '/2015-03-31/event-source-mappings': answer }));
    const value = { id: 'id', queueArn: 'arn:of:queue', state: 'Disabled' };
    expect(await readMappings(client, 'a-function')).toEqual({
      state: 'found',
      value: [
        { ...value, reportsEachFailure: false },
        { ...value, reportsEachFailure: true },
      ],
    });
  });
});

describe('a role', () => {
  const policy = '{"Statement":[{"Effect":"Allow","Action":"a:B","Resource":"100%"}]}';
  const answers = {
    ListRolePolicies: '<PolicyNames><member>inline</member></PolicyNames>',
    GetRolePolicy: `<PolicyDocument>${encodeURIComponent(policy)}</PolicyDocument>`,
    ListAttachedRolePolicies:
      '<AttachedPolicies><member><PolicyName>Managed</PolicyName></member></AttachedPolicies>',
  };

  test('its policies, decoded, and the names of what is attached', async () => {
    const client = new IAMClient(await config(answers));
    expect(await readRole(client, 'a-role')).toEqual({
      state: 'found',
      value: { policies: [policy], attached: ['Managed'] },
    });
  });

  test('half an answer is none', async () => {
    const { GetRolePolicy: _, ...others } = answers;
    expect(await readRole(new IAMClient(await config(others)), 'a-role')).toMatchObject({ state: 'denied' });
  });
});

describe('alarms', () => {
  test('whether they ring, are armed, and whom they tell', async () => {
    const MetricAlarms = [
      { AlarmName: 'a', StateValue: 'ALARM', ActionsEnabled: false, AlarmActions: ['arn:topic'] },
      { AlarmName: 'b', StateValue: 'INSUFFICIENT_DATA', ActionsEnabled: true },
    ];
    const client = new CloudWatchClient(await config({ DescribeAlarms: () => ({ MetricAlarms }) }));
    expect(await readAlarms(client, 'scan-response-dev-')).toEqual({
      state: 'found',
      value: [
        { name: 'a', isRinging: true, isArmed: false, actions: ['arn:topic'] },
        { name: 'b', isRinging: false, isArmed: true, actions: [] },
      ],
    });
  });

  test('the newest age of each queue in the last 15 minutes; none where there is no number', async () => {
    const questions: { StartTime: number; EndTime: number; MetricDataQueries: { Id: string }[] }[] = [];
    const MetricDataResults = [
      { Id: 'age1', Values: [] },
      { Id: 'age0', Values: [90, 30] },
    ];
    const answer = (question: (typeof questions)[number]) => {
      questions.push(question);
      return { MetricDataResults };
    };
    const client = new CloudWatchClient(await config({ GetMetricData: answer }));
    const now = new Date('2026-11-20T12:00:00Z');
    expect(await readOldestAges(client, ['one', 'two', 'three'], now)).toEqual({
      state: 'found',
      value: { one: 90, two: undefined, three: undefined },
    });
    expect(questions).toHaveLength(1);
    expect(questions[0]).toMatchObject({ ScanBy: 'TimestampDescending' });
    expect(questions[0]?.MetricDataQueries).toHaveLength(3);
    expect((questions[0]?.EndTime ?? 0) - (questions[0]?.StartTime ?? 0)).toBe(900);
  });
});
