import {
  CloudWatchClient,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
} from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { ECRClient, PutRegistryScanningConfigurationCommand } from '@aws-sdk/client-ecr';
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  type QueueAttributeName,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Deployment } from './deployment.ts';
import type { Emulators } from './emulators.ts';
import { CANARIES } from './healthy.ts';

/** Something that went wrong in a deployment, what the doctor must say of it, and how it is undone. */
export interface Fault {
  readonly what: string;
  /** The check that must find it. */
  readonly id: string;
  /** In the fix. */
  readonly fix: string;
  readonly plant: () => Promise<unknown>;
  readonly undo: () => Promise<unknown>;
}

/** Faults that can all be there at once, each made with AWS's own client. */
export function faultsFor(
  { client, motoUrl = '', account, region }: Emulators,
  { stackName, stage, tables, resource }: Deployment,
): { readonly faults: readonly Fault[]; readonly close: () => void } {
  const events = new EventBridgeClient(client);
  const lambda = new LambdaClient(client);
  const sqs = new SQSClient(client);
  const ssm = new SSMClient(client);
  const iam = new IAMClient(client);
  const cloudWatch = new CloudWatchClient(client);
  const dynamodb = new DynamoDBClient(client);
  const ecr = new ECRClient({ ...client, endpoint: motoUrl });

  const queueArn = (short: string) => `arn:aws:sqs:${region}:${account}:${stackName}-${short}`;
  const rule = (short: string) => ({ Name: `${stackName}-${short}` });
  const target = (withDeadLetters: boolean) => ({
    Rule: `${stackName}-image-action`,
    Targets: [
      {
        Id: 'pushes',
        Arn: queueArn('pushes'),
        ...(withDeadLetters && { DeadLetterConfig: { Arn: queueArn('pushes-dead-letters') } }),
      },
    ],
  });
  /** Sets one attribute of a queue; undoing it puts back what was there. */
  const attribute = (queue: string, name: QueueAttributeName, value: string) => {
    const QueueUrl = resource(queue);
    const set = (text: string) =>
      sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { [name]: text } }));
    let before = '';
    return {
      async plant() {
        const { Attributes } = await sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }),
        );
        before = Attributes?.[name] ?? '';
        await set(value);
      },
      undo: () => set(before),
    };
  };
  const mapping = async (Enabled: boolean) => {
    const FunctionName = `${stackName}-deliver-sns`;
    const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
    return lambda.send(
      new UpdateEventSourceMappingCommand({ UUID: EventSourceMappings?.[0]?.UUID, Enabled }),
    );
  };
  const policy = { RoleName: resource('ScanCompletedRole'), PolicyName: 'scan-completed' };
  let policyDocument = '';
  const secret = (name: string, Type: 'String' | 'SecureString', Value: string) =>
    ssm.send(
      new PutParameterCommand({ Name: `/scan-response/${stage}/${name}`, Type, Value, Overwrite: true }),
    );
  const scanning = (scanType: 'BASIC' | 'ENHANCED') =>
    ecr.send(
      new PutRegistryScanningConfigurationCommand({
        scanType,
        rules: [
          { scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] },
        ],
      }),
    );
  const recovery = (PointInTimeRecoveryEnabled: boolean) =>
    dynamodb.send(
      new UpdateContinuousBackupsCommand({
        TableName: tables.ledger,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
      }),
    );
  const alarm = { AlarmNames: [`${stackName}-scans-age`] };
  const reserved = { FunctionName: `${stackName}-deliver-datadog` };

  const faults: readonly Fault[] = [
    {
      what: 'a rule is disabled',
      id: 'rule.image-action.enabled',
      fix: `aws events enable-rule --name ${stackName}-image-action`,
      plant: () => events.send(new DisableRuleCommand(rule('image-action'))),
      undo: () => events.send(new EnableRuleCommand(rule('image-action'))),
    },
    {
      what: 'a target lost its dead letters',
      id: 'rule.image-action.dead-letters',
      fix: `aws events put-targets --rule ${stackName}-image-action`,
      plant: async () => {
        await events.send(new RemoveTargetsCommand({ Rule: `${stackName}-image-action`, Ids: ['pushes'] }));
        await events.send(new PutTargetsCommand(target(false)));
      },
      undo: () => events.send(new PutTargetsCommand(target(true))),
    },
    {
      what: 'a queue shuts its rules out',
      id: 'queue.pushes.lets-rules-in',
      fix: '--deployment-mode REVERT_DRIFT',
      ...attribute(
        'PushesQueue',
        'Policy',
        JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Deny',
              Principal: '*',
              Action: 'sqs:*',
              Resource: '*',
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        }),
      ),
    },
    {
      what: 'a message gave up',
      id: 'queue.slack-dead-letters.empty',
      fix: 'aws sqs start-message-move-task --source-arn',
      async plant() {
        // Nobody but deliver-slack may put one there: for a moment the queue has no policy.
        const opened = attribute('SlackDeadLetters', 'Policy', '');
        await opened.plant();
        await sqs.send(new SendMessageCommand({ QueueUrl: resource('SlackDeadLetters'), MessageBody: '{}' }));
        await opened.undo();
      },
      undo: () => sqs.send(new PurgeQueueCommand({ QueueUrl: resource('SlackDeadLetters') })),
    },
    {
      what: 'a queue hides its messages too shortly',
      id: 'queue.datadog.visibility',
      fix: '--attributes VisibilityTimeout=180',
      ...attribute('DatadogQueue', 'VisibilityTimeout', '30'),
    },
    {
      what: 'an event source mapping is disabled',
      id: 'function.deliver-sns.reads-queue',
      fix: 'aws lambda update-event-source-mapping --uuid',
      plant: () => mapping(false),
      undo: () => mapping(true),
    },
    {
      what: 'a function may not run',
      id: 'function.deliver-datadog.may-run',
      fix: `aws lambda delete-function-concurrency --function-name ${stackName}-deliver-datadog`,
      plant: () =>
        lambda.send(new PutFunctionConcurrencyCommand({ ...reserved, ReservedConcurrentExecutions: 0 })),
      undo: () => lambda.send(new DeleteFunctionConcurrencyCommand(reserved)),
    },
    {
      what: 'a role lost its policy',
      id: 'role.scan-completed.permits',
      fix: '(resources/roles.yml)',
      plant: async () => {
        const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand(policy));
        policyDocument = decodeURIComponent(PolicyDocument);
        await iam.send(new DeleteRolePolicyCommand(policy));
      },
      undo: () => iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: policyDocument })),
    },
    {
      what: 'a secret holds only blanks',
      id: 'sink.slack.secret',
      fix: `aws ssm put-parameter --type SecureString --overwrite --name /scan-response/${stage}/slack-webhook-url`,
      plant: () => secret('slack-webhook-url', 'SecureString', ' '),
      undo: () => secret('slack-webhook-url', 'SecureString', CANARIES[1] ?? ''),
    },
    {
      what: 'a secret is readable text',
      id: 'sink.datadog.secret',
      fix: `aws ssm delete-parameter --name /scan-response/${stage}/datadog-api-key`,
      plant: () => secret('datadog-api-key', 'String', CANARIES[0] ?? ''),
      undo: () => secret('datadog-api-key', 'SecureString', CANARIES[0] ?? ''),
    },
    {
      what: 'point-in-time recovery is off',
      id: 'table.ledger.recovery',
      fix: `aws dynamodb update-continuous-backups --table-name ${tables.ledger}`,
      plant: () => recovery(false),
      undo: () => recovery(true),
    },
    {
      what: 'the actions of an alarm are switched off',
      id: 'alarm.scans-age.actions',
      fix: `aws cloudwatch enable-alarm-actions --alarm-names ${stackName}-scans-age`,
      plant: () => cloudWatch.send(new DisableAlarmActionsCommand(alarm)),
      undo: () => cloudWatch.send(new EnableAlarmActionsCommand(alarm)),
    },
    {
      what: 'the registry scans enhanced and only the rule for basic scans is on',
      id: 'registry.scanning.heard',
      fix: `aws events enable-rule --name ${stackName}-inspector-scan`,
      plant: async () => {
        await scanning('ENHANCED');
        await events.send(new DisableRuleCommand(rule('inspector-scan')));
      },
      undo: async () => {
        await scanning('BASIC');
        await events.send(new EnableRuleCommand(rule('inspector-scan')));
      },
    },
  ];
  return {
    faults,
    close() {
      for (const it of [events, lambda, sqs, ssm, iam, cloudWatch, dynamodb, ecr]) it.destroy();
    },
  };
}
