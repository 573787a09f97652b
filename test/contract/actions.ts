import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ecr from '@aws-sdk/client-ecr';
import * as eventbridge from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import * as documents from '@aws-sdk/lib-dynamodb';
import type { Call } from './calls.ts';

/** Package → the service's name in IAM, and every command it has. */
const SERVICES: Readonly<
  Record<string, { readonly service: string; readonly commands: Readonly<Record<string, unknown>> }>
> = {
  '@aws-sdk/client-cloudtrail': { service: 'cloudtrail', commands: { ...cloudtrail } },
  '@aws-sdk/client-dynamodb': { service: 'dynamodb', commands: { ...dynamodb } },
  '@aws-sdk/client-ecr': { service: 'ecr', commands: { ...ecr } },
  '@aws-sdk/client-eventbridge': { service: 'events', commands: { ...eventbridge } },
  '@aws-sdk/client-iam': { service: 'iam', commands: { ...iam } },
  '@aws-sdk/client-sns': { service: 'sns', commands: { ...sns } },
  '@aws-sdk/client-sqs': { service: 'sqs', commands: { ...sqs } },
  '@aws-sdk/client-ssm': { service: 'ssm', commands: { ...ssm } },
  '@aws-sdk/client-sts': { service: 'sts', commands: { ...sts } },
};

/** Operations that IAM knows by the name of another.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html */
const ALLOWED_BY: Readonly<Record<string, string>> = {
  'sqs:SendMessageBatch': 'sqs:SendMessage',
  'sqs:DeleteMessageBatch': 'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibilityBatch': 'sqs:ChangeMessageVisibility',
  'sns:PublishBatch': 'sns:Publish',
};

/**
 * What a service asks of another one in the caller's name.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-iam.html
 */
const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  'ecr:DescribeImageScanFindings': [
    'inspector2:ListFindings',
    'inspector2:ListCoverage',
    'inspector2:ListAccountPermissions',
  ],
};

/** What Lambda does with the function's role: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export const BY_LAMBDA = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
];

/** Actions of services that no function has a client of, checked by hand in their documents. */
const CHECKED = new Set([...BY_LAMBDA, ...Object.values(IMPLIED).flat()]);

/** The IAM actions that a call needs. Throws for a client that is not in the table. */
export function actionsOf({ from, command }: Call): readonly string[] {
  if (from === '@aws-sdk/lib-dynamodb') return actionsOf(behind(command));
  const known = SERVICES[from];
  if (!known) throw new Error(`${from} has no name in IAM here; add it to test/contract/actions.ts.`);
  const action = `${known.service}:${command.replace(/Command$/, '')}`;
  return [ALLOWED_BY[action] ?? action, ...(IMPLIED[action] ?? [])];
}

/** True when there is such an action, by the commands of the SDK. */
export function isAction(action: string): boolean {
  const [service, operation] = action.split(':');
  const known = Object.values(SERVICES).find((each) => each.service === service);
  if (!known) return CHECKED.has(action);
  return `${operation}Command` in known.commands && ALLOWED_BY[action] === undefined;
}

/** The command of the DynamoDB client that a document command sends. */
function behind(command: string): Call {
  const Command = (documents as unknown as Record<string, new (input: object) => { clientCommand: object }>)[
    command
  ];
  if (!Command) throw new Error(`@aws-sdk/lib-dynamodb has no ${command}.`);
  return { from: '@aws-sdk/client-dynamodb', command: new Command({}).clientCommand.constructor.name };
}
