// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are those of CloudFormation

import { describe, expect, test } from 'vitest';
import { readTemplate } from '../../../local/template.ts';

const place = {
  account: '123456789012',
  region: 'eu-central-1',
  queueUrl: (name: string) => `http://127.0.0.1:4566/${name}`,
};

const queue = (name?: string, more: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { ...(name && { QueueName: name }), ...more },
});

function read(resources: object) {
  return readTemplate({ Resources: resources }, place);
}

function functionWith(variables: object) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'scan-response-dev-image-pushed',
      Handler: 'dist/functions/image-pushed.handler',
      Runtime: 'nodejs24.x',
      Timeout: 30,
      MemorySize: 256,
      Code: { S3Bucket: { Ref: 'Bucket' }, S3Key: 'serverless/x/dev/1-2026/image-pushed.zip' },
      Environment: { Variables: variables },
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    },
  };
}

/** The environment of a function beside a queue, a topic, a table and a bucket. */
function environmentOf(variables: object) {
  return read({
    Bucket: { Type: 'AWS::S3::Bucket' },
    Role: { Type: 'AWS::IAM::Role', Properties: {} },
    Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: {} },
    Pushes: queue('pushes'),
    Notices: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'notices' } },
    Ledger: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'ledger',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [],
        AttributeDefinitions: [],
      },
    },
    Pushed: functionWith(variables),
  }).functions[0]?.environment;
}

describe('intrinsics', () => {
  test.each<[string, unknown, string]>([
    ['plain text', 'info', 'info'],
    ['GetAtt of a role', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::123456789012:role/local-Role'],
    ['Ref of a queue', { Ref: 'Pushes' }, 'http://127.0.0.1:4566/pushes'],
    ['Ref of a topic', { Ref: 'Notices' }, 'arn:aws:sns:eu-central-1:123456789012:notices'],
    ['Ref of a table', { Ref: 'Ledger' }, 'ledger'],
    ['Ref of a bucket, named by the stack', { Ref: 'Bucket' }, 'local-Bucket'],
    ['Ref of the account', { Ref: 'AWS::AccountId' }, '123456789012'],
    ['Ref of the region', { Ref: 'AWS::Region' }, 'eu-central-1'],
    ['Ref of the stack', { Ref: 'AWS::StackName' }, 'local'],
    ['GetAtt, list', { 'Fn::GetAtt': ['Pushes', 'Arn'] }, 'arn:aws:sqs:eu-central-1:123456789012:pushes'],
    ['GetAtt, dotted', { 'Fn::GetAtt': 'Pushes.QueueName' }, 'pushes'],
    ['GetAtt of a queue URL', { 'Fn::GetAtt': ['Pushes', 'QueueUrl'] }, 'http://127.0.0.1:4566/pushes'],
    ['GetAtt of a topic', { 'Fn::GetAtt': ['Notices', 'TopicName'] }, 'notices'],
    [
      'GetAtt of a table',
      { 'Fn::GetAtt': ['Ledger', 'Arn'] },
      'arn:aws:dynamodb:eu-central-1:123456789012:table/ledger',
    ],
    [
      'Sub',
      { 'Fn::Sub': '${AWS::Partition}:${Ledger}:${Pushes.QueueName}:${!Kept}' },
      'aws:ledger:pushes:${Kept}',
    ],
    [
      'Sub with variables',
      { 'Fn::Sub': ['${A}/${Ledger}', { A: { Ref: 'AWS::Region' } }] },
      'eu-central-1/ledger',
    ],
    [
      'Join',
      { 'Fn::Join': ['-', ['a', { Ref: 'Ledger' }, { 'Fn::Sub': '${AWS::URLSuffix}' }]] },
      'a-ledger-amazonaws.com',
    ],
  ])('%s', (_, value, expected) => {
    expect(environmentOf({ VALUE: value })).toEqual({ VALUE: expected });
  });

  test.each<[string, unknown, string]>([
    ['an unknown intrinsic', { 'Fn::ImportValue': 'x' }, 'the intrinsic Fn::ImportValue is not known'],
    ['an unknown resource', { Ref: 'Nowhere' }, 'there is no resource Nowhere'],
    ['an unknown attribute', { 'Fn::GetAtt': ['Ledger', 'StreamArn'] }, 'Ledger has no StreamArn here'],
    ['a type without attributes', { 'Fn::GetAtt': ['Policy', 'Id'] }, 'Policy is a AWS::SQS::QueuePolicy'],
  ])('refuses %s', (_, value, message) => {
    expect(() => environmentOf({ VALUE: value })).toThrow(message);
  });
});

describe('readTemplate', () => {
  test('reads a queue with its dead letters, and defaults as SQS has them', () => {
    const { queues } = read({
      Scans: queue('scans', {
        VisibilityTimeout: 180,
        MessageRetentionPeriod: 600,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 20 },
      }),
      Dead: queue(),
    });
    const deadLetterArn = 'arn:aws:sqs:eu-central-1:123456789012:local-Dead';
    expect(queues).toEqual([
      {
        logicalId: 'Scans',
        name: 'scans',
        arn: 'arn:aws:sqs:eu-central-1:123456789012:scans',
        visibilityTimeoutSeconds: 180,
        retentionSeconds: 600,
        redrive: { deadLetterArn, maxReceiveCount: 20 },
      },
      {
        logicalId: 'Dead',
        name: 'local-Dead',
        arn: deadLetterArn,
        visibilityTimeoutSeconds: 30,
        retentionSeconds: 345_600,
        redrive: undefined,
      },
    ]);
  });

  const target = {
    Id: 'scans',
    Arn: { 'Fn::GetAtt': ['Scans', 'Arn'] },
    RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
    DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Dead', 'Arn'] } },
  };
  const ruleTo = (each: object) => ({
    Scans: queue('scans'),
    Dead: queue('dead'),
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: {
          account: [{ Ref: 'AWS::AccountId' }],
          detail: { 'image-digest': [{ exists: true }] },
        },
        Targets: [each],
      },
    },
  });

  test('reads a rule, its pattern resolved', () => {
    expect(read(ruleTo(target)).rules).toEqual([
      {
        name: 'local-Rule',
        pattern: { account: ['123456789012'], detail: { 'image-digest': [{ exists: true }] } },
        targets: [
          {
            queueArn: 'arn:aws:sqs:eu-central-1:123456789012:scans',
            deadLetterArn: 'arn:aws:sqs:eu-central-1:123456789012:dead',
            retryAttempts: 185,
            maximumAgeSeconds: 86_400,
          },
        ],
      },
    ]);
  });

  test('reads a function and its mapping', () => {
    const stack = read({
      Bucket: { Type: 'AWS::S3::Bucket' },
      Pushes: queue('pushes'),
      Pushed: functionWith({ LEVEL: 'info' }),
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { 'Fn::GetAtt': ['Pushed', 'Arn'] },
          EventSourceArn: { 'Fn::GetAtt': ['Pushes', 'Arn'] },
          BatchSize: 10,
          MaximumBatchingWindowInSeconds: 20,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      },
    });
    expect(stack.functions).toEqual([
      {
        name: 'scan-response-dev-image-pushed',
        handler: 'dist/functions/image-pushed.handler',
        zip: 'image-pushed.zip',
        runtime: 'nodejs24.x',
        timeoutSeconds: 30,
        memoryMb: 256,
        environment: { LEVEL: 'info' },
      },
    ]);
    expect(stack.mappings).toEqual([
      {
        functionName: 'scan-response-dev-image-pushed',
        queueArn: 'arn:aws:sqs:eu-central-1:123456789012:pushes',
        batchSize: 10,
        batchingWindowSeconds: 20,
        reportsBatchItemFailures: true,
      },
    ]);
  });

  test.each<[string, object, string]>([
    [
      'a type it does not know',
      { Sweep: { Type: 'AWS::Scheduler::Schedule' } },
      'Sweep is a AWS::Scheduler::Schedule',
    ],
    [
      'a target without dead letters',
      ruleTo({ ...target, DeadLetterConfig: undefined }),
      'Rule (AWS::Events::Rule)',
    ],
    ['a target that rewrites its input', ruleTo({ ...target, Input: '{}' }), 'Rule (AWS::Events::Rule)'],
    [
      'a visibility that is no number',
      { Scans: queue('scans', { VisibilityTimeout: '3 min' }) },
      'Scans (AWS::SQS::Queue)',
    ],
  ])('refuses %s', (_, resources, message) => {
    expect(() => read(resources)).toThrow(message);
  });

  test.each([[undefined], [{}], ['text']])('refuses what is no template: %j', (template) => {
    expect(() => readTemplate(template, place)).toThrow();
  });
});
