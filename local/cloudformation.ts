import type { AttributeDefinition, GlobalSecondaryIndex, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';

/** As much of a template as every reader needs. */
export const Template = v.object({
  Resources: v.record(
    v.string(),
    v.object({ Type: v.string(), Properties: v.optional(v.record(v.string(), v.unknown())) }),
  ),
});

/** What any rule's target may say. */
const Retries = v.object({ MaximumRetryAttempts: v.number(), MaximumEventAgeInSeconds: v.number() });

/** A rule on a schedule runs functions, without dead letters; one with a pattern sends to queues. */
const ScheduleProperties = v.object({
  ScheduleExpression: v.pipe(v.string(), v.regex(/^rate\(\d+ minutes?\)$/)),
  Targets: v.array(v.strictObject({ Id: v.string(), Arn: v.string(), RetryPolicy: Retries })),
});

const RuleProperties = v.object({
  EventPattern: v.record(v.string(), v.unknown()),
  // Strict: an input transformer, say, would change what the queue receives, and is not played.
  Targets: v.array(
    v.strictObject({
      Id: v.string(),
      Arn: v.string(),
      RetryPolicy: Retries,
      DeadLetterConfig: v.object({ Arn: v.string() }),
    }),
  ),
});

// Defaults are those of SQS.
const QueueProperties = v.object({
  VisibilityTimeout: v.optional(v.number(), 30),
  MessageRetentionPeriod: v.optional(v.number(), 345_600),
  RedrivePolicy: v.optional(v.object({ deadLetterTargetArn: v.string(), maxReceiveCount: v.number() })),
});

const FunctionProperties = v.object({
  Handler: v.string(),
  Runtime: v.string(),
  Timeout: v.number(),
  MemorySize: v.number(),
  Code: v.object({ S3Key: v.string() }),
  Environment: v.object({ Variables: v.record(v.string(), v.string()) }),
});

const MappingProperties = v.object({
  FunctionName: v.string(),
  EventSourceArn: v.string(),
  BatchSize: v.number(),
  MaximumBatchingWindowInSeconds: v.optional(v.number(), 0),
  FunctionResponseTypes: v.optional(v.array(v.string()), []),
});

// CloudFormation and CreateTable share these shapes, and CreateTable checks them; protection and backups mean
// nothing in memory.
const TableProperties = v.object({
  BillingMode: v.literal('PAY_PER_REQUEST'),
  KeySchema: v.custom<KeySchemaElement[]>(Array.isArray),
  AttributeDefinitions: v.custom<AttributeDefinition[]>(Array.isArray),
  GlobalSecondaryIndexes: v.optional(v.custom<GlobalSecondaryIndex[]>(Array.isArray)),
});

const Limits = v.object({ ThrottlingRateLimit: v.number(), ThrottlingBurstLimit: v.number() });

const IntegrationProperties = v.object({
  IntegrationType: v.literal('AWS_PROXY'),
  IntegrationUri: v.string(),
  PayloadFormatVersion: v.literal('2.0'),
  TimeoutInMillis: v.number(),
});

const RouteProperties = v.object({
  RouteKey: v.pipe(v.string(), v.regex(/^[A-Z]+ \/\S*$/)),
  AuthorizationType: v.picklist(['AWS_IAM', 'NONE']),
  Target: v.string(),
});

// Another stage would be a part of every path.
const StageProperties = v.object({
  StageName: v.literal('$default'),
  AutoDeploy: v.literal(true),
  DefaultRouteSettings: Limits,
  RouteSettings: v.record(v.string(), Limits),
});

/** The resources that the embedded stack plays, with the properties it minds. */
export const PLAYED = {
  'AWS::ApiGatewayV2::Api': v.object({ ProtocolType: v.literal('HTTP') }),
  'AWS::ApiGatewayV2::Integration': IntegrationProperties,
  'AWS::ApiGatewayV2::Route': RouteProperties,
  'AWS::ApiGatewayV2::Stage': StageProperties,
  'AWS::DynamoDB::Table': TableProperties,
  'AWS::Events::Rule': RuleProperties,
  'AWS::Events::Rule on a schedule': ScheduleProperties,
  'AWS::Lambda::EventSourceMapping': MappingProperties,
  'AWS::Lambda::Function': FunctionProperties,
  'AWS::SNS::Topic': v.object({}),
  'AWS::SQS::Queue': QueueProperties,
};

export type PlayedType = keyof typeof PLAYED;

/** The properties of one type of resource, intrinsics resolved. */
export type Properties<Type extends PlayedType> = v.InferOutput<(typeof PLAYED)[Type]>;

/** Resources that AWS needs and the embedded stack does not play. */
export const NOT_PLAYED = new Set([
  'AWS::CloudWatch::Alarm',
  'AWS::ECR::PullTimeUpdateExclusion',
  'AWS::Events::EventBusPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);
