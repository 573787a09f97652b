// What a deployment consists of, by its short names. The packaged template must say the same:
// test/contract/blueprint.test.ts compares the two; queues.ts and rules.ts have the rest.

import { QUEUES, type QueueName } from './queues.ts';

interface FunctionDrawing {
  readonly name: string;
  /** Absent for a function that a schedule or API Gateway runs. */
  readonly queue?: QueueName;
  /** The parameter without which a deployment does not have it. */
  readonly param?: string;
  /** What its role must allow. */
  readonly grants: readonly Grant[];
  /** What it must allow as well where the function's environment names something in that variable. */
  readonly whereSet?: { readonly variable: string; readonly grants: readonly Grant[] };
}

/** A rule without a pattern, that runs the function of its own name every so often. */
interface ScheduleDrawing {
  readonly name: string;
  readonly every: string;
  /** What nobody does without it. */
  readonly does: string;
}

/** A kind of resource with its short name, and the actions on it; an index is `<table>/<index>`. */
export interface Grant {
  readonly on:
    | `${'queue' | 'table' | 'index' | 'topic' | 'parameter'}:${string}`
    | 'repositories'
    | 'reader'
    | '*';
  readonly actions: readonly string[];
}

export const SCHEDULES: readonly ScheduleDrawing[] = [
  { name: 'reconcile', every: 'rate(15 minutes)', does: 'looks for what AWS never told of' },
  { name: 'heartbeat', every: 'rate(5 minutes)', does: 'repeats the gauges that Datadog watches' },
];

/** What reading a queue takes, and giving up on a message of it. */
function queueGrants(queue: QueueName): readonly Grant[] {
  return [
    {
      on: `queue:${queue}`,
      actions: [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:ChangeMessageVisibility',
        'sqs:GetQueueAttributes',
      ],
    },
    { on: `queue:${queue}-dead-letters`, actions: ['sqs:SendMessage'] },
  ];
}

/** The reader role of a member account; where there is no member, a role of that name which nobody has made. */
const readMembers: Grant = { on: 'reader', actions: ['sts:AssumeRole'] };

const settleDeliveries: Grant = { on: 'table:ledger', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] };

export const FUNCTIONS: readonly FunctionDrawing[] = [
  {
    name: 'image-pushed',
    queue: 'pushes',
    grants: [
      ...queueGrants('pushes'),
      { on: 'queue:scans', actions: ['sqs:SendMessage'] },
      { on: 'queue:pushes', actions: ['sqs:SendMessage'] },
      {
        on: 'repositories',
        actions: ['ecr:DescribeImages', 'ecr:BatchGetImage', 'ecr:ListImageReferrers'],
      },
      readMembers,
      {
        on: 'table:lineage',
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      },
      { on: 'table:ledger', actions: ['dynamodb:Query', 'dynamodb:UpdateItem'] },
    ],
  },
  {
    name: 'scan-completed',
    queue: 'scans',
    grants: [
      ...queueGrants('scans'),
      { on: 'queue:datadog', actions: ['sqs:SendMessage'] },
      { on: 'queue:slack', actions: ['sqs:SendMessage'] },
      { on: 'queue:sns', actions: ['sqs:SendMessage'] },
      { on: 'queue:scans', actions: ['sqs:SendMessage'] },
      { on: 'repositories', actions: ['ecr:DescribeImages', 'ecr:DescribeImageScanFindings'] },
      readMembers,
      {
        on: '*',
        actions: ['inspector2:ListFindings', 'inspector2:ListCoverage', 'inspector2:ListAccountPermissions'],
      },
      { on: 'table:lineage', actions: ['dynamodb:GetItem', 'dynamodb:Query'] },
      { on: 'index:lineage/by-digest', actions: ['dynamodb:Query'] },
      {
        on: 'table:ledger',
        actions: [
          ...['dynamodb:BatchWriteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        ],
      },
    ],
  },
  {
    name: 'deliver-datadog',
    queue: 'datadog',
    grants: [
      ...queueGrants('datadog'),
      settleDeliveries,
      { on: 'parameter:DATADOG_API_KEY_PARAMETER', actions: ['ssm:GetParameter'] },
    ],
  },
  {
    name: 'deliver-slack',
    queue: 'slack',
    grants: [
      ...queueGrants('slack'),
      // What waits for people: quiet hours, digests.
      { on: 'queue:slack', actions: ['sqs:SendMessage'] },
      settleDeliveries,
      { on: 'parameter:SLACK_WEBHOOK_PARAMETER', actions: ['ssm:GetParameter'] },
    ],
  },
  {
    name: 'deliver-sns',
    queue: 'sns',
    grants: [...queueGrants('sns'), settleDeliveries, { on: 'topic:notices', actions: ['sns:Publish'] }],
    whereSet: {
      variable: 'CHAT_TOPIC_ARN',
      grants: [
        { on: 'topic:chat', actions: ['sns:Publish'] },
        { on: 'queue:sns', actions: ['sqs:SendMessage'] },
      ],
    },
  },
  {
    name: 'reconcile',
    grants: [
      { on: 'queue:pushes', actions: ['sqs:SendMessage'] },
      { on: 'queue:scans', actions: ['sqs:SendMessage'] },
      {
        on: 'repositories',
        actions: [
          ...['ecr:DescribeRepositories', 'ecr:DescribeImages', 'ecr:DescribeImageScanFindings'],
          ...['ecr:GetLifecyclePolicy', 'ecr:GetRepositoryPolicy'],
        ],
      },
      {
        on: '*',
        actions: ['inspector2:ListFindings', 'inspector2:ListCoverage', 'inspector2:ListAccountPermissions'],
      },
      readMembers,
      {
        on: 'table:lineage',
        actions: [
          ...['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
          ...['dynamodb:Query', 'dynamodb:UpdateItem'],
        ],
      },
      { on: 'index:lineage/by-digest', actions: ['dynamodb:Query'] },
      { on: 'table:ledger', actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'] },
    ],
  },
  {
    name: 'heartbeat',
    grants: [
      { on: 'index:ledger/by-shown', actions: ['dynamodb:Query'] },
      { on: 'table:ledger', actions: ['dynamodb:GetItem', 'dynamodb:PutItem'] },
      { on: 'queue:datadog', actions: ['sqs:SendMessage'] },
    ],
  },
  {
    name: 'image-deployed',
    queue: 'deployments',
    grants: [
      ...queueGrants('deployments'),
      { on: 'table:lineage', actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'] },
    ],
  },
  {
    name: 'api-asked',
    param: 'httpApi',
    grants: [
      { on: 'table:lineage', actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'] },
      { on: 'index:lineage/by-digest', actions: ['dynamodb:Query'] },
      { on: 'index:lineage/by-commit', actions: ['dynamodb:Query'] },
      { on: 'table:ledger', actions: ['dynamodb:Query'] },
    ],
  },
  {
    name: 'slack-asked',
    param: 'slackSigningSecretParameter',
    grants: [
      { on: 'table:lineage', actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'] },
      { on: 'index:lineage/by-digest', actions: ['dynamodb:Query'] },
      { on: 'index:lineage/by-commit', actions: ['dynamodb:Query'] },
      { on: 'table:ledger', actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'] },
      { on: 'parameter:SLACK_SIGNING_SECRET_PARAMETER', actions: ['ssm:GetParameter'] },
      { on: 'parameter:SLACK_WEBHOOK_PARAMETER', actions: ['ssm:GetParameter'] },
    ],
  },
];

export const TABLES = ['lineage', 'ledger'] as const;
export type TableName = (typeof TABLES)[number];

export const TOPICS = ['notices', 'operations'] as const;
/** And the one for chat applications, which a deployment need not have. */
export const ALL_TOPICS = [...TOPICS, 'chat'] as const;
export type TopicName = (typeof ALL_TOPICS)[number];

/** Sinks that need a secret, and the function's variable that holds the name of it. */
export const SINK_SECRETS = [
  { sink: 'datadog', readBy: 'deliver-datadog', variable: 'DATADOG_API_KEY_PARAMETER', label: 'Datadog' },
  { sink: 'slack', readBy: 'deliver-slack', variable: 'SLACK_WEBHOOK_PARAMETER', label: 'Slack' },
] as const;

/** And what lets Slack in. */
export const SECRETS = [
  ...SINK_SECRETS,
  {
    sink: 'slack-command',
    readBy: 'slack-asked',
    variable: 'SLACK_SIGNING_SECRET_PARAMETER',
    label: 'asking in Slack',
  },
] as const;
export type SecretDrawing = (typeof SECRETS)[number];

/**
 * Two alarms per queue: did a message give up, and does one wait too long? One per sink that cannot fold repeats: does
 * nobody know whether a message arrived? And two for the reconciler.
 */
export const ALARMS: readonly string[] = [
  ...QUEUES.flatMap(({ name }) => [`${name}-dead-letters`, `${name}-age`]),
  ...['slack-unsure', 'sns-unsure', 'reconciler-late', 'found-missing'],
];
