import { describe, expect, test } from 'vitest';
import { evaluate, part } from './evaluate.ts';

const secrets = part<{ slack: { name: string }; slackSigning?: { name: string } }>('secrets.cjs');
const slack = part<{ buttons: string; userGroup: string }>('slack.cjs');
const members = part<{ accounts: unknown[]; repositories: unknown[] }>('members.cjs');
const documents = part<{ actions: readonly string[] }>('documents.cjs');
const verdicts = part<{
  bus: string;
  resources: { Resources?: Record<string, { Properties: { PolicyDocument: { Statement: object[] } } }> };
}>('verdicts.cjs');
const chat = part<{
  isOn: string;
  topic: unknown;
  resources: { Resources?: Record<string, unknown>; Outputs?: object };
}>('chat.cjs');

describe('the name of a secret', () => {
  test.each([
    ['/scan-response/prod/slack', '/scan-response/prod/slack'],
    [
      'arn:aws:ssm:eu-west-1:123456789012:parameter/slack',
      'arn:aws:ssm:eu-west-1:123456789012:parameter/slack',
    ],
    ['/aws/reference/secretsmanager/slack', '/aws/reference/secretsmanager/slack'],
    [
      'arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a/b-c-AbC123',
      '/aws/reference/secretsmanager/a/b-c',
    ],
  ])('%s is asked for as %s', async (slackWebhookParameter, name) => {
    expect((await evaluate(secrets, { slackWebhookParameter })).slack.name).toBe(name);
  });

  test.each([
    'https://hooks.slack.com/services/T0/B0/hush',
    '0123456789abcdef0123456789abcdef',
    'slack-webhook',
    '/aws/reference/secretsmanager/',
    '/scan-response/*',
    '/scan-response/$region',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack',
    'arn:aws:s3:::bucket/key',
    '',
  ])('%j is refused and not quoted', async (slackWebhookParameter) => {
    const error = await evaluate(secrets, { slackWebhookParameter }).catch((it: Error) => it);
    expect(String(error)).toMatch(/^Error: slackWebhookParameter must be the name of an SSM parameter/);
    expect(String(error)).not.toMatch(/hush|0123456789abcdef|bucket/);
  });
});

describe('asking in Slack', () => {
  const slackSigningSecretParameter = '/scan-response/prod/slack-signing-secret';
  const slackUserGroup = 'S0123456789';
  const none = { slackSigningSecretParameter: '', slackUserGroup: '' };

  test('is off, and no message has a button, until a signing secret is named', async () => {
    expect((await evaluate(secrets, none)).slackSigning).toBeUndefined();
    expect(await evaluate(slack, none)).toEqual({ buttons: '', userGroup: '' });
    expect(await evaluate(slack, { ...none, slackUserGroup })).toEqual({
      buttons: '',
      userGroup: slackUserGroup,
    });
  });

  test('acknowledging is for all, ignoring for a group', async () => {
    expect((await evaluate(secrets, { slackSigningSecretParameter })).slackSigning?.name).toBe(
      slackSigningSecretParameter,
    );
    expect((await evaluate(slack, { ...none, slackSigningSecretParameter })).buttons).toBe('acknowledge');
    expect((await evaluate(slack, { slackSigningSecretParameter, slackUserGroup })).buttons).toBe(
      'acknowledge-and-ignore',
    );
  });

  test.each(['@oncall', 'oncall', 'C0123456789', 's0123456789'])('%j is no user group', async (group) => {
    await expect(evaluate(slack, { slackUserGroup: group })).rejects.toThrow(
      /^slackUserGroup must be the id of a user group of Slack/,
    );
  });

  test('the secret itself is refused and not quoted', async () => {
    const hush = '8f742231b10e8888abcd99yyyzzz85a5';
    const error = await evaluate(secrets, { slackSigningSecretParameter: hush }).catch((it: Error) => it);
    expect(String(error)).toMatch(/^Error: slackSigningSecretParameter must be the name/);
    expect(String(error)).not.toContain(hush);
  });
});

describe('reading blobs', () => {
  const MANIFESTS = ['ecr:DescribeImages', 'ecr:BatchGetImage', 'ecr:ListImageReferrers'];

  test.each([
    ['false', MANIFESTS],
    ['true', [...MANIFESTS, 'ecr:GetDownloadUrlForLayer']],
  ])('%s: the role may %j', async (readBlobs, actions) => {
    expect((await evaluate(documents, { readBlobs })).actions).toEqual(actions);
  });

  test.each(['', '1', 'yes', 'TRUE'])('%j is refused', async (readBlobs) => {
    await expect(evaluate(documents, { readBlobs })).rejects.toThrow('readBlobs must be "true" or "false"');
  });
});

describe('verdicts on an event bus', () => {
  const own = `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/`;

  test('nobody may put any without a bus', async () => {
    expect(await evaluate(verdicts, { verdictBus: '' })).toEqual({ bus: '', resources: {} });
  });

  test.each([
    ['default', { 'Fn::Sub': `${own}default` }],
    ['deploys.prod-1', { 'Fn::Sub': `${own}deploys.prod-1` }],
    [
      'arn:aws:events:eu-west-1:222233334444:event-bus/deploys',
      'arn:aws:events:eu-west-1:222233334444:event-bus/deploys',
    ],
  ])('%s: on that bus, and nothing but a verdict', async (verdictBus, arn) => {
    const { bus, resources } = await evaluate(verdicts, { verdictBus });
    expect(bus).toBe(verdictBus);
    expect(Object.keys(resources.Resources ?? {})).toEqual(['PutVerdicts']);
    expect(resources.Resources?.PutVerdicts).toMatchObject({
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: [{ Ref: 'ScanCompletedRole' }] },
    });
    expect(resources.Resources?.PutVerdicts?.Properties.PolicyDocument.Statement).toEqual([
      {
        Sid: 'PutVerdicts',
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Resource: arn,
        Condition: {
          StringEquals: { 'events:source': 'scan-response', 'events:detail-type': 'Image Verdict' },
        },
      },
    ]);
  });

  test.each([
    '*',
    'a/b',
    'two words',
    `\${AWS::StackName}`,
    'arn:aws:events:eu-west-1:222233334444:event-bus/*',
  ])('%j is refused', async (verdictBus) => {
    await expect(evaluate(verdicts, { verdictBus })).rejects.toThrow('verdictBus must be empty, or the name');
  });
});

describe('a topic for chat applications', () => {
  test.each(['', 'false', ' '])('%j: none, and nobody may publish to one', async (chatTopic) => {
    expect(await evaluate(chat, { chatTopic })).toEqual({ isOn: '', topic: '', resources: {} });
  });

  test('true: a topic, its policy, and the right to publish to it', async () => {
    const { isOn, topic, resources } = await evaluate(chat, { chatTopic: 'true' });
    expect([isOn, topic]).toEqual(['true', { Ref: 'ChatTopic' }]);
    expect(Object.keys(resources.Resources ?? {})).toEqual(['ChatTopic', 'ChatTopicPolicy', 'PublishToChat']);
    expect(resources.Outputs).toEqual({ ChatTopicArn: { Value: { Ref: 'ChatTopic' } } });
  });

  test.each(['yes', 'TRUE', '1', 'arn:aws:sns:eu-west-1:111122223333:mine'])(
    '%j is refused',
    async (chatTopic) => {
      await expect(evaluate(chat, { chatTopic })).rejects.toThrow(
        'chatTopic must be "true", or "false" or empty',
      );
    },
  );
});

describe('member accounts', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => String(100_000_000_000 + index));

  test.each([
    ['', 0],
    [' 222233334444 ,,222233334444', 1],
    [ids(15).join(','), 15],
  ])('%s', async (memberAccounts, count) => {
    const { accounts } = await evaluate(members, { memberAccounts });
    expect(accounts).toHaveLength(count + 1);
  });

  test('as many as are taken fit into an event pattern, in the region with the longest name', async () => {
    const { accounts, repositories } = await evaluate(members, { memberAccounts: ids(15).join(',') });
    const pattern = JSON.stringify({
      source: ['aws.inspector2'],
      account: accounts,
      region: ['ap-northeast-1'],
      'detail-type': ['Inspector2 Scan'],
      detail: { 'image-digest': [{ exists: true }], 'repository-name': repositories },
    });
    const resolved = pattern
      .replaceAll(
        /\{"Fn::Sub":("[^"]*")\}|\{"Ref":"AWS::AccountId"\}/g,
        (_, text) => text ?? '"123456789012"',
      )
      .replaceAll(`\${AWS::Partition}`, 'aws-us-gov')
      .replaceAll(`\${AWS::Region}`, 'ap-southeast-1')
      .replaceAll(`\${AWS::AccountId}`, '123456789012');
    expect(resolved.length).toBeLessThanOrEqual(2048);
  });

  test.each([
    ['2222', 'memberAccounts: "2222" is not an account id of 12 digits'],
    ['222233334444;333344445555', 'is not an account id'],
    ['o-a1b2c3d4e5', 'is not an account id'],
    [ids(16).join(','), 'memberAccounts: 16 accounts do not fit into an event pattern, 15 do'],
  ])('%s is refused', async (memberAccounts, complaint) => {
    await expect(evaluate(members, { memberAccounts })).rejects.toThrow(complaint);
  });
});
