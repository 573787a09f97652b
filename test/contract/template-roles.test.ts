import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ecr from '@aws-sdk/client-ecr';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import {
  type Check,
  type Fault,
  type Grant,
  grants,
  list,
  ofType,
  packagedResources,
  type Statement,
  same,
  stackOf,
  testChecks,
} from './template.ts';

/** Operations of the clients in this project; the other services are granted exactly these actions. */
const OPERATIONS: Readonly<Record<string, (operation: string) => boolean>> = {
  dynamodb: (operation) => `${operation}Command` in dynamodb,
  ecr: (operation) => `${operation}Command` in ecr,
  sns: (operation) => `${operation}Command` in sns,
  sqs: (operation) => `${operation}Command` in sqs,
  ssm: (operation) => `${operation}Command` in ssm,
  sts: (operation) => `${operation}Command` in sts,
  logs: (operation) => ['CreateLogStream', 'PutLogEvents'].includes(operation),
  inspector2: (operation) => ['ListFindings', 'ListCoverage', 'ListAccountPermissions'].includes(operation),
};

const eachFunctionHasItsOwnRole: Check = (resources) => {
  const roles = ofType(resources, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties.Role);
  const names = roles.map((role) => String(role['Fn::GetAtt']?.[0]));
  const defined = ofType(resources, 'AWS::IAM::Role').map(([id]) => id);
  return same([...new Set(names)].sort(), [...defined].sort()) && names.length === defined.length
    ? []
    : [`functions use ${names}, the template has ${defined}`];
};

const onlyLambdaMayAssume: Check = (resources) =>
  ofType(resources, 'AWS::IAM::Role')
    .filter(([, { Properties }]) => {
      const trust = Properties.AssumeRolePolicyDocument.Statement as Statement[];
      return !same(
        trust.map((each) => each.Principal),
        [{ Service: 'lambda.amazonaws.com' }],
      );
    })
    .map(([id]) => `${id} trusts somebody else`);

const noManagedPolicies: Check = (resources) =>
  ofType(resources, 'AWS::IAM::Role')
    .filter(([, { Properties }]) => Properties.ManagedPolicyArns !== undefined)
    .map(([id]) => `${id} has managed policies`);

const actionsAreExact: Check = (resources) =>
  grants(resources).flatMap(({ role, Action }) =>
    list(Action)
      .filter((action) => {
        const [service = '', operation = ''] = action.split(':');
        return !OPERATIONS[service]?.(operation);
      })
      .map((action) => `${role}: there is no operation ${action}`),
  );

const onlyInspectorIsUnscoped: Check = (resources) =>
  grants(resources)
    .filter(({ Resource }) => list(Resource).includes('*'))
    .filter(({ Action, Condition }) => {
      const inspector = list(Action).every((action) => action.startsWith('inspector2:'));
      return !(inspector && Condition?.StringEquals?.['aws:RequestedRegion']);
    })
    .map(({ role, Sid }) => `${role}: ${Sid} holds for everything`);

const rolesStayWithTheirFunction: Check = (resources) =>
  ofType(resources, 'AWS::Lambda::Function').flatMap(([functionId, { Properties }]) => {
    const role = Properties.Role['Fn::GetAtt'][0];
    const own = [
      `${functionId.replace(/LambdaFunction$/, 'LogGroup')}`,
      Properties.Environment.Variables.SCAN_RESPONSE_QUEUE_URL.Ref,
    ];
    const reaching = grants(resources)
      .filter((each) => each.role === role)
      .filter(({ Action }) => list(Action).some((action) => /^logs:|^sqs:(Receive|Delete)/.test(action)))
      .flatMap(({ Resource }) => list(Resource));
    const meant = own.map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] }));
    return same(reaching, meant) ? [] : [`${role} reaches ${JSON.stringify(reaching)}`];
  });

const statement = (role: string, index: number) =>
  `${role}/Properties/Policies/0/PolicyDocument/Statement/${index}`;

testChecks([
  [
    'one role per function',
    eachFunctionHasItsOwnRole,
    [['DeliverDashsnsLambdaFunction/Properties/Role', { 'Fn::GetAtt': ['DeliverSlackRole', 'Arn'] }]],
  ],
  [
    'roles are for Lambda',
    onlyLambdaMayAssume,
    [['DeliverSnsRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal', { AWS: '*' }]],
  ],
  [
    'roles have no managed policies',
    noManagedPolicies,
    [['DeliverSnsRole/Properties/ManagedPolicyArns', ['arn:aws:iam::aws:policy/AmazonSNSFullAccess']]],
  ],
  [
    'actions are operations, without wildcards',
    actionsAreExact,
    ['ecr:*', '*', 'ecr:DescribeImagez', 'iam:PassRole'].map(
      (action): Fault => [`${statement('ImagePushedRole', 3)}/Action`, action],
    ),
  ],
  [
    "resources are named, but for Inspector's, which take none",
    onlyInspectorIsUnscoped,
    [
      [`${statement('ImagePushedRole', 3)}/Resource`, '*'],
      [`${statement('DeliverSlackRole', 4)}/Resource`, ['*']],
      [`${statement('ScanCompletedRole', 4)}/Condition`],
    ],
  ],
  [
    'each role reaches the log and the queue of its own function',
    rolesStayWithTheirFunction,
    [
      [`${statement('DeliverSnsRole', 0)}/Resource`, { 'Fn::GetAtt': ['DeliverDashslackLogGroup', 'Arn'] }],
      [`${statement('DeliverSnsRole', 1)}/Resource`, { 'Fn::GetAtt': ['SlackQueue', 'Arn'] }],
    ],
  ],
]);

test('the parameters that roles may read are those that functions are told of', () => {
  const resources = packagedResources();
  const readable = grants(resources).filter(({ Action }) => list(Action).includes('ssm:GetParameter'));
  const named = stackOf(resources).functions.flatMap(({ environment }) =>
    Object.entries(environment).flatMap(([key, value]) => (key.endsWith('_PARAMETER') ? [value] : [])),
  );
  const suffix = ({ Resource }: Grant) =>
    (Resource as { 'Fn::Sub': string })['Fn::Sub'].split(':parameter')[1];
  expect(named).toHaveLength(2);
  expect(readable.map(suffix)).toEqual(named);
});
