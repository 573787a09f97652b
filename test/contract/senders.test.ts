import { describe, expect, test } from 'vitest';
import { datadog, slack, sns } from '../../lib/services/deliver.ts';
import { resolver } from '../../local/intrinsic.ts';
import { type Answer, answer, type PolicyStatement } from './policy.ts';
import {
  type Fault,
  grants,
  list,
  ofType,
  packagedResources,
  type Resources,
  withFault,
} from './template.ts';

const ACCOUNT = '123456789012';
const OTHER_ACCOUNT = '210987654321';
const REGION = 'us-east-1';
const TLS = { 'aws:SecureTransport': 'true' };

/** Somebody who would like to send, with what IAM allows them. */
interface Sender {
  readonly name: string;
  readonly principal: string | undefined;
  readonly context: Readonly<Record<string, string>>;
  readonly may: (resources: Resources) => readonly PolicyStatement[];
}

const nothing = () => [];
const everything: PolicyStatement = { Sid: 'Everything', Effect: 'Allow', Action: '*', Resource: '*' };
const anyQueue: PolicyStatement = { Sid: 'AnyQueue', Effect: 'Allow', Action: 'sqs:*', Resource: '*' };

function resolve(resources: Resources, value: unknown): unknown {
  const place = { account: ACCOUNT, region: REGION, queueUrl: (name: string) => `https://sqs/${name}` };
  return resolver(resources, place)(value);
}

function service(name: string, principal: string, sourceArn: string, account = ACCOUNT): Sender {
  const context = { ...TLS, 'aws:SourceArn': sourceArn, 'aws:SourceAccount': account };
  return { name, principal, context, may: nothing };
}

function role(name: string, arn: string, may: Sender['may']): Sender {
  return { name, principal: arn, context: { ...TLS, 'aws:PrincipalArn': arn }, may };
}

/** The statements of a role of the stack that are about sending. */
const sendingBy = (id: string) => (resources: Resources) =>
  grants(resources)
    .filter((grant) => grant.role === id && list(grant.Action).some((it) => /^(sqs:Send|sns:)/.test(it)))
    .map(({ role: _, ...statement }) => resolve(resources, statement) as PolicyStatement);

const resources = packagedResources();
const rule = (name: string, account = ACCOUNT) => `arn:aws:events:${REGION}:${account}:rule/${name}`;
const stackRules = ofType(resources, 'AWS::Events::Rule').map(([id]) =>
  service(id, 'events.amazonaws.com', String(resolve(resources, { 'Fn::GetAtt': [id, 'Arn'] }))),
);
const stackRoles = ofType(resources, 'AWS::IAM::Role').map(([id]) =>
  role(id, String(resolve(resources, { 'Fn::GetAtt': [id, 'Arn'] })), sendingBy(id)),
);
const imageScanRule = String(resolve(resources, { Ref: 'ImageScanRule' }));

const STRANGERS: readonly Sender[] = [
  role('an administrator', `arn:aws:iam::${ACCOUNT}:role/Administrator`, () => [everything]),
  role("this account's root user", `arn:aws:iam::${ACCOUNT}:root`, () => [everything]),
  role('a build that may use every queue', `arn:aws:iam::${ACCOUNT}:role/ci/Build`, () => [anyQueue]),
  role('an administrator of another account', `arn:aws:iam::${OTHER_ACCOUNT}:role/Administrator`, nothing),
  service('another rule of this account', 'events.amazonaws.com', rule('mine')),
  service(
    'a rule of the same name in another account',
    'events.amazonaws.com',
    rule(imageScanRule, OTHER_ACCOUNT),
    OTHER_ACCOUNT,
  ),
  service('a bucket of this account', 's3.amazonaws.com', 'arn:aws:s3:::bucket'),
  service(
    'an alarm of this account with another name',
    'cloudwatch.amazonaws.com',
    `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:mine`,
  ),
  { name: 'nobody in particular', principal: undefined, context: TLS, may: nothing },
];
const SENDERS = [...stackRules, ...stackRoles, ...STRANGERS];

const SCAN_RULES = ['ImageScanRule', 'InspectorScanRule', 'InspectorFindingRule'];
const ECS_RULES = ['DeploymentStateRule', 'TaskStateRule'];

const PUSH_RULES = ['ImageActionRule', 'ImageReplicatedRule', 'ImageCachedRule'];

const QUEUES: Readonly<Record<string, readonly string[]>> = {
  PushesQueue: [...PUSH_RULES, 'ImagePushedRole', 'OperatorRole', 'ReconcileRole'],
  PushesDeadLetters: [...PUSH_RULES, 'ImagePushedRole'],
  ScansQueue: ['ImagePushedRole', ...SCAN_RULES, 'OperatorRole', 'ReconcileRole', 'ScanCompletedRole'],
  ScansDeadLetters: [...SCAN_RULES, 'ScanCompletedRole'],
  DeploymentsQueue: [...ECS_RULES, 'OperatorRole'],
  DeploymentsDeadLetters: [...ECS_RULES, 'ImageDeployedRole'],
  DatadogQueue: ['HeartbeatRole', 'OperatorRole', 'ScanCompletedRole'],
  DatadogDeadLetters: ['DeliverDatadogRole'],
  SlackQueue: ['DeliverSlackRole', 'OperatorRole', 'ScanCompletedRole'],
  SlackDeadLetters: ['DeliverSlackRole'],
  SnsQueue: ['OperatorRole', 'ScanCompletedRole'],
  SnsDeadLetters: ['DeliverSnsRole'],
};

/** The statements of the one policy that a queue or a topic has. */
function policyOf(id: string, template: Resources): readonly PolicyStatement[] {
  const policies = ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'].flatMap((type) =>
    ofType(template, type),
  );
  const own = policies.filter(([, { Properties }]) =>
    list(Properties.Queues ?? Properties.Topics).some((each) => (each as { Ref: string }).Ref === id),
  );
  // A second one would replace the first.
  expect(own, `policies of ${id}`).toHaveLength(1);
  return resolve(template, own[0]?.[1].Properties.PolicyDocument.Statement) as PolicyStatement[];
}

function ask(sender: Sender, id: string, template = resources, context = sender.context): Answer {
  const isQueue = template[id]?.Type === 'AWS::SQS::Queue';
  const resource = String(resolve(template, isQueue ? { 'Fn::GetAtt': [id, 'Arn'] } : { Ref: id }));
  const action = isQueue ? 'sqs:SendMessage' : 'sns:Publish';
  const request = { action, resource, principal: sender.principal, context };
  return answer(request, policyOf(id, template), sender.may(template));
}

const admitted = (id: string, template = resources) =>
  SENDERS.filter((sender) => ask(sender, id, template).allowed).map(({ name }) => name);

describe('a message that is put straight into a queue', () => {
  test('every queue has its senders written down', () => {
    expect(Object.keys(QUEUES).sort()).toEqual(
      ofType(resources, 'AWS::SQS::Queue')
        .map(([id]) => id)
        .sort(),
    );
  });

  test.each(Object.entries(QUEUES))('into %s: only from %j', (queue, senders) => {
    expect(admitted(queue).sort()).toEqual([...senders].sort());
  });

  test.each(STRANGERS.slice(0, 3))('$name is refused in so many words, whatever IAM allows', (sender) => {
    for (const queue of Object.keys(QUEUES)) {
      expect(ask(sender, queue)).toEqual({ allowed: false, by: 'NobodyElseMaySend' });
    }
  });

  test.each(SENDERS)('$name is refused without TLS', (sender) => {
    const open = { ...sender.context, 'aws:SecureTransport': 'false' };
    for (const queue of Object.keys(QUEUES)) expect(ask(sender, queue, resources, open).allowed).toBe(false);
  });
});

describe('a message that waits for people', () => {
  const env = {
    ...{ SCAN_RESPONSE_LEDGER_TABLE: 'ledger', SCAN_RESPONSE_DATADOG_API_KEY_PARAMETER: '/key' },
    SCAN_RESPONSE_SLACK_WEBHOOK_PARAMETER: '/url',
  };

  test.each([
    ['Datadog', datadog(env)],
    ['Slack', slack(env)],
    ['Sns', sns(env)],
  ])(
    '%s: its function puts back into its own queue if, and only if, its readers are people',
    (name, sink) => {
      expect(admitted(`${name}Queue`).includes(`Deliver${name}Role`)).toBe(sink.isForPeople ?? false);
    },
  );
});

describe('a message that is published', () => {
  test('as a notice: only by deliver-sns', () => {
    expect(admitted('NoticesTopic')).toEqual(['DeliverSnsRole']);
  });

  test("as an alarm: by this stack's alarms, and whom IAM allows", () => {
    const { AlarmName } = resources.ScansAgeAlarm?.Properties ?? expect.fail('no alarm');
    const arn = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${AlarmName}`;
    const alarm = service('ScansAgeAlarm', 'cloudwatch.amazonaws.com', arn);
    expect(ask(alarm, 'OperationsTopic')).toEqual({ allowed: true, by: 'AlarmsMayPublish' });
    expect(admitted('OperationsTopic')).toEqual(['an administrator', "this account's root user"]);
  });
});

describe('the texts decide: with one thing less, others get in or ours stay out', () => {
  const statements = 'ScansQueuePolicy/Properties/PolicyDocument/Statement';
  const anyRule = 'arn:aws:events:*:*:rule/*';
  const allowed = `${statements}/0/Condition/ArnEquals/aws:SourceArn`;
  const excepted = `${statements}/1/Condition/ArnNotEquals/aws:SourceArn`;
  const roles = ['ImagePushedRole', 'ScanCompletedRole', 'ReconcileRole', 'OperatorRole'];
  const privileged = STRANGERS.slice(0, 3).map(({ name }) => name);

  test.each<[string, readonly Fault[], readonly string[]]>([
    [
      'the refusal of others',
      [[`${statements}/1`, { ...everything, Effect: 'Deny', Principal: '*', Action: 'sqs:Nothing' }]],
      [...SCAN_RULES, ...roles, ...privileged],
    ],
    ['the exception for our rules', [[excepted]], roles],
    [
      'the exception for our roles',
      [[`${statements}/1/Condition/ArnNotEquals/aws:PrincipalArn`]],
      SCAN_RULES,
    ],
    [
      'the names of our rules',
      [
        [allowed, anyRule],
        [excepted, anyRule],
      ],
      [
        ...PUSH_RULES,
        ...SCAN_RULES,
        'TaskStateRule',
        'DeploymentStateRule',
        'ReconcileSchedule',
        'HeartbeatSchedule',
        ...roles,
        'another rule of this account',
      ],
    ],
    [
      'their account too',
      [[allowed, anyRule], [excepted, anyRule], [`${statements}/0/Condition/StringEquals`]],
      [
        ...[
          ...PUSH_RULES,
          ...SCAN_RULES,
          'TaskStateRule',
          'DeploymentStateRule',
          'ReconcileSchedule',
          'HeartbeatSchedule',
          ...roles,
          'another rule of this account',
        ],
        'a rule of the same name in another account',
      ],
    ],
  ])('%s', (_, faults, senders) => {
    expect(admitted('ScansQueue', faults.reduce(withFault, resources))).toEqual(senders);
  });
});

describe('what cannot be evaluated is not guessed', () => {
  const request = { action: 'sqs:SendMessage', resource: 'q', principal: 'p', context: {} };
  const allow = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' } as const;

  test('an operator', () => {
    const statement = { ...allow, Condition: { StringLike: { 'aws:SourceArn': 'a*' } } };
    expect(() => answer(request, [statement])).toThrow('StringLike');
  });

  test('an element', () => {
    const statement = { ...allow, NotAction: 'sqs:SendMessage' };
    expect(() => answer(request, [statement])).toThrow('NotAction');
  });

  test.each([
    ['arn:aws:events:us-east-1:1:rule/a*', 'arn:aws:events:us-east-1:1:rule/abc', true],
    ['arn:aws:events:*:1:rule/a', 'arn:aws:events:us-east-1:1:rule/a', true],
    ['arn:aws:*:rule/a', 'arn:aws:events:us-east-1:1:rule/a', false],
    ['arn:aws:events:us-east-1:1:rule/a', 'arn:aws:events:us-east-1:2:rule/a', false],
  ])('the ARN pattern %s and %s: %s', (pattern, arn, expected) => {
    const statement = { ...allow, Condition: { ArnLike: { 'aws:SourceArn': pattern } } };
    const from = { ...request, context: { 'aws:SourceArn': arn } };
    expect(answer(from, [statement]).allowed).toBe(expected);
  });
});
