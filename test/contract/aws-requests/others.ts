import { type Asked, json } from './asked.ts';

const XML = 'xmlns="https://sns.amazonaws.com/doc/2010-03-31/"';

/** Queues, topics, parameters, the bus and roles; two of them answer in XML. */
export const others: readonly Asked[] = [
  {
    ...{ client: 'sqs', command: 'SendMessageCommand', what: 'with attributes' },
    input: {
      ...{ QueueUrl: 'http://127.0.0.1:1/1/q', MessageBody: 'hello', DelaySeconds: 0 },
      MessageAttributes: { reason: { DataType: 'String', StringValue: 'é' } },
    },
    answer: json({ MessageId: '1', MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592' }),
  },
  {
    ...{ client: 'sqs', command: 'SendMessageCommand', what: 'an answer to another message' },
    input: { QueueUrl: 'http://127.0.0.1:1/1/q', MessageBody: 'hello' },
    answer: json({ MessageId: '1', MD5OfMessageBody: '0' }),
  },
  {
    ...{ client: 'sqs', command: 'ChangeMessageVisibilityCommand', what: 'a delay' },
    input: { QueueUrl: 'http://127.0.0.1:1/1/q', ReceiptHandle: 'r', VisibilityTimeout: 12 },
    answer: json({}),
  },
  {
    ...{ client: 'sns', command: 'PublishCommand', what: 'with attributes' },
    input: {
      ...{ TopicArn: 'arn:aws:sns:eu-west-1:1:t', Message: 'a & b = ü' },
      MessageAttributes: { severity: { DataType: 'String', StringValue: 'CRITICAL' } },
    },
    answer: {
      body: `<PublishResponse ${XML}><PublishResult><MessageId>m &amp; 1</MessageId></PublishResult></PublishResponse>`,
    },
  },
  ...[
    'NotFound',
    'AuthorizationError',
    'InvalidParameter',
    'KMSThrottling',
    'InternalError',
    'NeverHeardOf',
  ].map(
    (code): Asked => ({
      ...{ client: 'sns', command: 'PublishCommand', what: code },
      input: { TopicArn: 'arn:aws:sns:eu-west-1:1:t', Message: 'a' },
      answer: {
        status: 400,
        body: `<ErrorResponse ${XML}><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
      },
    }),
  ),
  {
    ...{ client: 'ssm', command: 'GetParameterCommand', what: 'a secret' },
    input: { Name: '/a', WithDecryption: true },
    answer: json({ Parameter: { Name: '/a', Value: 'v', Version: 3, LastModifiedDate: 1_700_000_000.5 } }),
  },
  {
    ...{ client: 'ssm', command: 'GetParameterCommand', what: 'no such parameter' },
    input: { Name: '/a' },
    answer: json({ __type: 'ParameterNotFound', message: 'no' }, 400),
  },
  {
    ...{ client: 'eventbridge', command: 'PutEventsCommand', what: 'a verdict' },
    input: {
      Entries: [{ Source: 's', DetailType: 'd', Detail: '{"a":1}', Time: new Date(1_700_000_000_123) }],
    },
    answer: json({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] }),
  },
  {
    ...{ client: 'sts', command: 'AssumeRoleCommand', what: 'credentials' },
    input: { RoleArn: 'arn:aws:iam::1:role/r', RoleSessionName: 'scan-response' },
    answer: {
      body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
        <AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken>
        <Expiration>2026-11-22T05:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    },
  },
  {
    ...{ client: 'sts', command: 'AssumeRoleCommand', what: 'not allowed' },
    input: { RoleArn: 'arn:aws:iam::1:role/r', RoleSessionName: 'scan-response' },
    answer: {
      status: 403,
      body: `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>`,
    },
  },
  {
    ...{ client: 'sqs', command: 'SendMessageBatchCommand', what: 'one taken and one refused' },
    input: {
      QueueUrl: 'http://127.0.0.1:1/1/q',
      Entries: [
        { Id: '0', MessageBody: 'hello', DelaySeconds: 3 },
        { Id: '1', MessageBody: 'world' },
      ],
    },
    answer: json({
      Successful: [{ Id: '0', MessageId: '1', MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592' }],
      Failed: [{ Id: '1', SenderFault: true, Code: 'InvalidMessageContents' }],
    }),
  },
];
