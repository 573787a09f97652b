import { basename } from 'node:path/posix';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { NOT_PLAYED, PLAYED, type Properties, Template } from './cloudformation.ts';
import type { EventPattern } from './event-rule.ts';
import { type GatewayDefinition, readGateway } from './gateway/definition.ts';
import { type Place, type Resources, resolver } from './intrinsic.ts';
import { read, type Self } from './resources.ts';

interface Rule {
  readonly name: string;
  readonly pattern: EventPattern;
  readonly targets: readonly RuleTarget[];
}

interface RuleTarget {
  readonly queueArn: string;
  readonly deadLetterArn: string;
  readonly retryAttempts: number;
  readonly maximumAgeSeconds: number;
}

/** A rule that runs functions every so often. */
interface Schedule {
  readonly name: string;
  readonly everyMinutes: number;
  readonly functionNames: readonly string[];
}

interface QueueDefinition {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number } | undefined;
}

interface FunctionDefinition {
  readonly name: string;
  /** `path/of/module.export`, as Lambda takes it, inside the zip. */
  readonly handler: string;
  /** File name of the packaged code, beside the template. */
  readonly zip: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

interface Mapping {
  readonly functionName: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly reportsBatchItemFailures: boolean;
}

interface TableDefinition {
  readonly name: string;
  /** What `CreateTableCommand` takes. */
  readonly input: CreateTableCommandInput;
}

export interface Stack {
  readonly rules: readonly Rule[];
  readonly schedules: readonly Schedule[];
  readonly queues: readonly QueueDefinition[];
  readonly functions: readonly FunctionDefinition[];
  readonly mappings: readonly Mapping[];
  readonly tables: readonly TableDefinition[];
  readonly topics: readonly { readonly arn: string; readonly name: string }[];
  /** Only with a parameter that asks for it. */
  readonly gateway?: GatewayDefinition | undefined;
}

/**
 * Reads what the embedded stack plays from a packaged CloudFormation template, every intrinsic resolved. Throws,
 * naming the resource, for a type that is not played, a property of another shape, or an unknown intrinsic.
 */
export function readTemplate(template: unknown, place: Place): Stack {
  const { Resources } = v.parse(Template, template);
  refuseUnknownTypes(Resources);
  const context = { resources: Resources, resolve: resolver(Resources, place) };
  return {
    rules: read(context, 'AWS::Events::Rule', toRule),
    schedules: read(context, 'AWS::Events::Rule on a schedule', toSchedule),
    queues: read(context, 'AWS::SQS::Queue', toQueue),
    functions: read(context, 'AWS::Lambda::Function', toFunction),
    mappings: read(context, 'AWS::Lambda::EventSourceMapping', toMapping),
    tables: read(context, 'AWS::DynamoDB::Table', toTable),
    topics: read(context, 'AWS::SNS::Topic', (_, self) => ({
      arn: self.attribute('Ref'),
      name: self.attribute('TopicName'),
    })),
    gateway: readGateway(context),
  };
}

function toRule(rule: Properties<'AWS::Events::Rule'>, self: Self): Rule {
  return {
    name: self.attribute('Ref'),
    pattern: rule.EventPattern,
    targets: rule.Targets.map((target) => ({
      queueArn: target.Arn,
      deadLetterArn: target.DeadLetterConfig.Arn,
      retryAttempts: target.RetryPolicy.MaximumRetryAttempts,
      maximumAgeSeconds: target.RetryPolicy.MaximumEventAgeInSeconds,
    })),
  };
}

function toSchedule(rule: Properties<'AWS::Events::Rule on a schedule'>, self: Self): Schedule {
  return {
    name: self.attribute('Ref'),
    everyMinutes: Number(/\d+/.exec(rule.ScheduleExpression)?.[0]),
    functionNames: rule.Targets.map(({ Arn }) => nameIn(Arn)),
  };
}

function nameIn(functionArn: string): string {
  return functionArn.slice(functionArn.lastIndexOf(':') + 1);
}

function toQueue(queue: Properties<'AWS::SQS::Queue'>, self: Self): QueueDefinition {
  const redrive = queue.RedrivePolicy;
  return {
    logicalId: self.logicalId,
    name: self.attribute('QueueName'),
    arn: self.attribute('Arn'),
    visibilityTimeoutSeconds: queue.VisibilityTimeout,
    retentionSeconds: queue.MessageRetentionPeriod,
    redrive: redrive && {
      deadLetterArn: redrive.deadLetterTargetArn,
      maxReceiveCount: redrive.maxReceiveCount,
    },
  };
}

function toFunction(definition: Properties<'AWS::Lambda::Function'>, self: Self): FunctionDefinition {
  return {
    name: self.attribute('Ref'),
    handler: definition.Handler,
    zip: basename(definition.Code.S3Key),
    runtime: definition.Runtime,
    timeoutSeconds: definition.Timeout,
    memoryMb: definition.MemorySize,
    environment: definition.Environment.Variables,
  };
}

function toMapping(mapping: Properties<'AWS::Lambda::EventSourceMapping'>): Mapping {
  return {
    functionName: nameIn(mapping.FunctionName),
    queueArn: mapping.EventSourceArn,
    batchSize: mapping.BatchSize,
    batchingWindowSeconds: mapping.MaximumBatchingWindowInSeconds,
    reportsBatchItemFailures: mapping.FunctionResponseTypes.includes('ReportBatchItemFailures'),
  };
}

function toTable(table: Properties<'AWS::DynamoDB::Table'>, self: Self): TableDefinition {
  const name = self.attribute('Ref');
  return { name, input: { TableName: name, ...table } };
}

function refuseUnknownTypes(resources: Resources): void {
  for (const [logicalId, { Type }] of Object.entries(resources)) {
    if (Type in PLAYED || NOT_PLAYED.has(Type)) continue;
    throw new Error(`Template: ${logicalId} is a ${Type}; let local/cloudformation.ts play it or ignore it.`);
  }
}
