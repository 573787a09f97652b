/** What a server answers. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Asked {
  readonly client: 'dynamodb' | 'ecr' | 'eventbridge' | 'sns' | 'sqs' | 'ssm' | 'sts';
  readonly command: string;
  readonly what: string;
  readonly input: object;
  readonly answer: Answer;
}

const json = (body: object, status = 200, headers = {}): Answer => ({
  status,
  headers,
  body: JSON.stringify(body),
});
const XML = 'xmlns="https://sns.amazonaws.com/doc/2010-03-31/"';
const Key = { pk: { S: 'a "quoted" ключ 🐳 \u0001' }, sk: { N: '12.50' } };
const Item = {
  ...Key,
  bytes: { B: new Uint8Array([0, 1, 250]) },
  nested: { M: { list: { L: [{ BOOL: true }, { NULL: true }, { S: '' }] } } },
  names: { SS: ['a', 'b'] },
};
const ItemOnTheWire = { ...Item, bytes: { B: 'AAH6' } };

/** Every operation that a function calls, with what it sends and is answered: types of each kind, and errors. */
export const COMMANDS: readonly Asked[] = [
  {
    ...{ client: 'dynamodb', command: 'PutItemCommand', what: 'an item' },
    input: { TableName: 't', Item, ConditionExpression: 'attribute_not_exists(pk)', ReturnValues: 'ALL_OLD' },
    answer: json({ Attributes: ItemOnTheWire, ConsumedCapacity: { TableName: 't', CapacityUnits: 1.5 } }),
  },
  {
    ...{ client: 'dynamodb', command: 'PutItemCommand', what: 'a condition that does not hold' },
    input: { TableName: 't', Item },
    answer: json(
      {
        __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
        message: 'The conditional request failed',
      },
      400,
    ),
  },
  {
    ...{ client: 'dynamodb', command: 'GetItemCommand', what: 'an item' },
    input: {
      TableName: 't',
      Key,
      ConsistentRead: true,
      ProjectionExpression: '#a',
      ExpressionAttributeNames: { '#a': 'a' },
    },
    answer: json({ Item: ItemOnTheWire }),
  },
  {
    ...{ client: 'dynamodb', command: 'GetItemCommand', what: 'no item' },
    input: { TableName: 't', Key },
    answer: json({}),
  },
  {
    ...{ client: 'dynamodb', command: 'UpdateItemCommand', what: 'an expression' },
    input: {
      TableName: 't',
      Key,
      UpdateExpression: 'SET a = :a',
      ExpressionAttributeValues: { ':a': Item.bytes },
    },
    answer: json({}),
  },
  {
    ...{ client: 'dynamodb', command: 'QueryCommand', what: 'a page' },
    input: {
      TableName: 't',
      KeyConditionExpression: 'pk = :a',
      ExclusiveStartKey: Key,
      Limit: 7,
      ScanIndexForward: false,
    },
    answer: json({ Items: [ItemOnTheWire, ItemOnTheWire], Count: 2, ScannedCount: 3, LastEvaluatedKey: Key }),
  },
  {
    ...{ client: 'dynamodb', command: 'QueryCommand', what: 'throttled' },
    input: { TableName: 't' },
    answer: json({ __type: 'x#ThrottlingException', Message: 'slow' }, 400),
  },
  {
    ...{ client: 'dynamodb', command: 'ScanCommand', what: 'a segment' },
    input: { TableName: 't', TotalSegments: 2, Segment: 0 },
    answer: json({ Items: [], Count: 0 }),
  },
  {
    ...{ client: 'ecr', command: 'DescribeImagesCommand', what: 'details' },
    input: {
      repositoryName: 'a/b',
      imageIds: [{ imageDigest: 'sha256:1', imageTag: 'x' }],
      filter: { tagStatus: 'ANY' },
    },
    answer: json({
      imageDetails: [
        {
          ...{ imageTags: ['x'], imagePushedAt: 1_700_000_000.123, imageSizeInBytes: 12 },
          imageScanFindingsSummary: {
            findingSeverityCounts: { CRITICAL: 1 },
            imageScanCompletedAt: 1_700_000_001,
          },
        },
      ],
      nextToken: 'more',
    }),
  },
  {
    ...{ client: 'ecr', command: 'DescribeImagesCommand', what: 'no such repository' },
    input: { repositoryName: 'a/b' },
    answer: json({ __type: 'RepositoryNotFoundException', message: 'it is not there' }, 400),
  },
  {
    ...{ client: 'ecr', command: 'DescribeImageScanFindingsCommand', what: 'basic and enhanced findings' },
    input: { repositoryName: 'a/b', imageId: { imageDigest: 'sha256:1' }, maxResults: 1000 },
    answer: json({
      imageScanStatus: { status: 'COMPLETE' },
      imageScanFindings: {
        findings: [{ name: 'CVE-1', severity: 'LOW', attributes: [{ key: 'package_name', value: 'zlib' }] }],
        enhancedFindings: [
          {
            ...{ score: 9.8, firstObservedAt: 1_700_000_000, resources: [{ tags: { a: 'b' } }] },
            packageVulnerabilityDetails: {
              cvss: [{ baseScore: 9.8 }],
              vulnerablePackages: [{ epoch: 0, name: 'a' }],
            },
          },
        ],
      },
    }),
  },
  {
    ...{ client: 'ecr', command: 'BatchGetImageCommand', what: 'a manifest' },
    input: { repositoryName: 'a/b', imageIds: [{ imageTag: 'x' }], acceptedMediaTypes: ['a/b'] },
    answer: json({ images: [{ imageManifest: '{}' }], failures: [{ failureCode: 'ImageNotFound' }] }),
  },
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
];

/** Of every partition that AWS's clients know, and one of each commercial kind that does not exist yet. */
export const REGIONS = [
  ...['us-east-1', 'eu-west-1', 'ap-southeast-5', 'il-central-1', 'mx-central-1', 'us-west-99', 'cn-north-1'],
  ...['cn-northwest-1', 'cn-north-99', 'us-gov-east-1', 'us-gov-west-1', 'us-gov-south-99', 'eusc-de-east-1'],
  ...[
    'us-iso-east-1',
    'us-iso-west-1',
    'us-isob-east-1',
    'us-isob-west-1',
    'eu-isoe-west-1',
    'us-isof-south-1',
  ],
];
