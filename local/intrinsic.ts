/** One resource of a CloudFormation template, properties unresolved. */
interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>> | undefined;
}

export type Resources = Readonly<Record<string, Resource>>;

/** Where the embedded stack pretends to run. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** Prefix of the names that the template leaves to CloudFormation; `local` when absent. */
  readonly stackName?: string | undefined;
  /** The URL under which a queue of this name answers. */
  queueUrl(name: string): string;
}

export type Resolve = (value: unknown) => unknown;

/** What `Ref` and `Fn::GetAtt` answer for one resource. */
type Attributes = Readonly<Record<string, string>>;

interface Scope {
  readonly resources: Resources;
  readonly place: Place;
}

/**
 * Takes a template's resources and returns a function that replaces every `Ref`, `Fn::GetAtt`, `Fn::Sub` and
 * `Fn::Join` in a value. That function throws for another intrinsic, and for a resource or an attribute it does
 * not know, and names it.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export function resolver(resources: Resources, place: Place): Resolve {
  return (value) => resolve(value, { resources, place });
}

function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((each) => resolve(each, scope));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, operand] = entries[0] ?? [''];
  if (entries.length !== 1 || !(name === 'Ref' || name.startsWith('Fn::'))) {
    return Object.fromEntries(entries.map(([key, each]) => [key, resolve(each, scope)]));
  }
  const intrinsic = INTRINSICS[name];
  if (!intrinsic)
    throw new Error(`Template: the intrinsic ${name} is not known; add it to local/intrinsic.ts.`);
  return intrinsic(operand, scope);
}

const INTRINSICS: Readonly<Record<string, (operand: unknown, scope: Scope) => unknown>> = {
  Ref: (operand, scope) => reference(String(operand), scope),
  'Fn::GetAtt': (operand, scope) => {
    const [logicalId = '', attribute = ''] = Array.isArray(operand) ? operand : split(String(operand));
    return attributeOf(logicalId, attribute, scope);
  },
  'Fn::Sub': (operand, scope) => {
    const [template, variables] = Array.isArray(operand) ? operand : [operand, {}];
    return substitute(String(template), resolve(variables, scope) as Attributes, scope);
  },
  'Fn::Join': (operand, scope) => {
    const [delimiter, values] = operand as [string, unknown];
    return (resolve(values, scope) as unknown[]).join(delimiter);
  },
};

function reference(name: string, scope: Scope): string {
  return pseudoParameters(scope.place)[name] ?? attributeOf(name, 'Ref', scope);
}

/** Takes `${Name}`, `${LogicalId.Attribute}` and, for a literal, `${!Name}`. */
function substitute(template: string, variables: Attributes, scope: Scope): string {
  return template.replace(/\$\{(!?)([^}]+)\}/g, (_, escaped: string, name: string) => {
    if (escaped) return `\${${name}}`;
    const [logicalId, attribute] = split(name);
    return variables[name] ?? (attribute ? attributeOf(logicalId, attribute, scope) : reference(name, scope));
  });
}

function attributeOf(logicalId: string, attribute: string, { resources, place }: Scope): string {
  const resource = resources[logicalId];
  if (!resource) throw new Error(`Template: there is no resource ${logicalId}.`);
  const kind = KINDS[resource.Type];
  if (!kind)
    throw new Error(`Template: ${logicalId} is a ${resource.Type}; add that type to local/intrinsic.ts.`);
  const explicit = resolve(resource.Properties?.[kind.nameProperty], { resources, place });
  const name = typeof explicit === 'string' ? explicit : `${stackName(place)}-${logicalId}`;
  const arnPrefix = `arn:aws:${kind.service}:${place.region}:${place.account}:`;
  const value = kind.attributes(name, arnPrefix, place)[attribute];
  if (value !== undefined) return value;
  throw new Error(
    `Template: ${logicalId} has no ${attribute} here; add that attribute to local/intrinsic.ts.`,
  );
}

interface Kind {
  readonly service: string;
  readonly nameProperty: string;
  /** Takes the physical name and the ARN up to the resource part. */
  attributes(name: string, arnPrefix: string, place: Place): Attributes;
}

const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::SQS::Queue': {
    service: 'sqs',
    nameProperty: 'QueueName',
    attributes(name, arnPrefix, place) {
      const url = place.queueUrl(name);
      return { Ref: url, QueueUrl: url, QueueName: name, Arn: `${arnPrefix}${name}` };
    },
  },
  'AWS::SNS::Topic': {
    service: 'sns',
    nameProperty: 'TopicName',
    attributes: (name, arnPrefix) => ({
      Ref: `${arnPrefix}${name}`,
      TopicArn: `${arnPrefix}${name}`,
      TopicName: name,
    }),
  },
  'AWS::DynamoDB::Table': {
    service: 'dynamodb',
    nameProperty: 'TableName',
    attributes: (name, arnPrefix) => ({ Ref: name, Arn: `${arnPrefix}table/${name}` }),
  },
  'AWS::Lambda::Function': {
    service: 'lambda',
    nameProperty: 'FunctionName',
    attributes: (name, arnPrefix) => ({ Ref: name, Arn: `${arnPrefix}function:${name}` }),
  },
  'AWS::Events::Rule': {
    service: 'events',
    nameProperty: 'Name',
    attributes: (name, arnPrefix) => ({ Ref: name, Arn: `${arnPrefix}rule/${name}` }),
  },
  'AWS::ApiGatewayV2::Api': {
    service: 'execute-api',
    nameProperty: 'Name',
    attributes: (name) => ({ Ref: name }),
  },
  'AWS::ApiGatewayV2::Integration': {
    service: 'apigateway',
    nameProperty: 'Description',
    attributes: (name) => ({ Ref: name }),
  },
  'AWS::IAM::Role': {
    service: 'iam',
    nameProperty: 'RoleName',
    attributes: (name, _, { account }) => ({ Ref: name, Arn: `arn:aws:iam::${account}:role/${name}` }),
  },
  'AWS::S3::Bucket': {
    service: 's3',
    nameProperty: 'BucketName',
    attributes: (name) => ({ Ref: name, Arn: `arn:aws:s3:::${name}` }),
  },
};

function pseudoParameters(place: Place): Attributes {
  return {
    'AWS::AccountId': place.account,
    'AWS::Region': place.region,
    'AWS::Partition': 'aws',
    'AWS::StackName': stackName(place),
    'AWS::URLSuffix': 'amazonaws.com',
  };
}

function stackName(place: Place): string {
  return place.stackName ?? 'local';
}

/** Splits `LogicalId.Attribute` at the first dot. */
function split(path: string): [logicalId: string, attribute: string | undefined] {
  const dot = path.indexOf('.');
  return dot < 0 ? [path, undefined] : [path.slice(0, dot), path.slice(dot + 1)];
}
