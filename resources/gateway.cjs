// What answers over HTTP: one API of API Gateway, with the functions and roles of those parameters alone that ask for
// them. Evaluated while packaging; without any of them there is no API, no function and no role.
// To add one: a row in ASKED, and its function as a line in serverless.yml.

const API = { Ref: 'Gateway' };
const LOG_GROUP = { 'Fn::GetAtt': ['GatewayLogGroup', 'Arn'] };
/** Who asks is a person or a page: what takes longer than this nobody waits for. */
const TIMEOUT_SECONDS = 10;

/**
 * @typedef {object} Route
 * @property {string} key as `GET /v1/{question}`
 * @property {'AWS_IAM' | 'NONE'} authorization NONE only where the function verifies a signature itself
 * @property {number} perSecond requests, on average, of all callers together
 * @property {number} burst
 */

/**
 * @typedef {object} Asked
 * @property {string} name of the function and of its entry
 * @property {string} param
 * @property {(value: string) => boolean} isOn throws for a value that means nothing
 * @property {readonly Route[]} routes
 * @property {object} definition what the packager takes, beside what all of them share
 * @property {string} does what its role is for
 * @property {readonly object[]} statements what its role allows, beside its own log
 */

/** @type {readonly Asked[]} */
const ASKED = [require('./gateway/api-asked.cjs'), require('./gateway/slack-asked.cjs')];

/** @param {{ resolveVariable: (variable: string) => Promise<string> }} packaging */
module.exports = async function gateway({ resolveVariable }) {
  const [service, stage] = await Promise.all(['self:service', 'sls:stage'].map(resolveVariable));
  const on = [];
  for (const asked of ASKED) {
    const value = String((await resolveVariable(`param:${asked.param}`)) ?? '').trim();
    if (asked.isOn(value)) on.push(asked);
  }
  const names = on.map(({ name }) => name);
  return {
    // By name; null is none: the packager leaves it out.
    functions: Object.fromEntries(
      ASKED.map((asked) => [asked.name, names.includes(asked.name) ? functionOf(asked) : null]),
    ),
    resources: on.length === 0 ? {} : resourcesOf(`${service}-${stage}`, on),
  };
};

/** @param {Asked} asked */
function functionOf({ name, definition }) {
  return {
    handler: `dist/functions/${name}.handler`,
    role: `${pascal(name)}Role`,
    timeout: TIMEOUT_SECONDS,
    package: { patterns: [`dist/functions/${name}.mjs`] },
    ...definition,
  };
}

/**
 * @param {string} name
 * @param {readonly Asked[]} on
 */
function resourcesOf(name, on) {
  const routes = on.flatMap((asked) => asked.routes);
  return {
    Resources: {
      Gateway: {
        Type: 'AWS::ApiGatewayV2::Api',
        Properties: { Name: name, ProtocolType: 'HTTP', Description: 'Answers where people are' },
      },
      // API Gateway writes to groups of this prefix without a policy of its own for each.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
      GatewayLogGroup: {
        Type: 'AWS::Logs::LogGroup',
        Properties: { LogGroupName: `/aws/vendedlogs/${name}-gateway`, RetentionInDays: 30 },
      },
      GatewayStage: stageOf(routes),
      ...Object.assign({}, ...on.map(resourcesFor)),
    },
    Outputs: {
      GatewayUrl: { Value: sub(`https://\${Gateway}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}`) },
    },
  };
}

/**
 * The limits are of all callers together: they keep a loop of somebody's from taking the concurrency of the account's
 * functions. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 *
 * @param {readonly Route[]} routes
 */
function stageOf(routes) {
  const limits = routes.map(({ key, perSecond, burst }) => [
    key,
    { ThrottlingRateLimit: perSecond, ThrottlingBurstLimit: burst },
  ]);
  return {
    Type: 'AWS::ApiGatewayV2::Stage',
    // RouteSettings may name only routes that are there.
    DependsOn: routes.map(({ key }) => routeId(key)),
    Properties: {
      ApiId: API,
      StageName: '$default',
      AutoDeploy: true,
      AccessLogSettings: { DestinationArn: LOG_GROUP, Format: JSON.stringify(LOGGED) },
      DefaultRouteSettings: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 10 },
      RouteSettings: Object.fromEntries(limits),
    },
  };
}

// Nothing that the caller words: a path or a user agent could write lines of its own, and a question may name a CVE that
// nobody was told of. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
const LOGGED = {
  requestId: '$context.requestId',
  at: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  caller: '$context.identity.userArn',
  address: '$context.identity.sourceIp',
  latencyMs: '$context.responseLatency',
  functionMs: '$context.integrationLatency',
  error: '$context.error.message',
};

/** @param {Asked} asked */
function resourcesFor({ name, routes, does, statements }) {
  const id = pascal(name);
  const packagers = capital(name.replaceAll('-', 'Dash'));
  const functionArn = { 'Fn::GetAtt': [`${packagers}LambdaFunction`, 'Arn'] };
  const ownLog = { 'Fn::GetAtt': [`${packagers}LogGroup`, 'Arn'] };
  return {
    [`${id}Role`]: roleOf(name, does, [writes(ownLog), ...statements]),
    [`${id}Integration`]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: API,
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: functionArn,
        PayloadFormatVersion: '2.0',
        TimeoutInMillis: TIMEOUT_SECONDS * 1000,
      },
    },
    ...Object.fromEntries(routes.map((route) => [routeId(route.key), routeOf(route, `${id}Integration`)])),
    ...Object.fromEntries(routes.map(({ key }) => [`${routeId(key)}Permission`, mayAsk(key, functionArn)])),
  };
}

/** @param {object} log */
function writes(log) {
  const Action = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  return { Sid: 'WriteOwnLog', Effect: 'Allow', Action, Resource: log };
}

/**
 * @param {string} name
 * @param {string} Description
 * @param {readonly object[]} Statement
 */
function roleOf(name, Description, Statement) {
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Description,
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
      Policies: [{ PolicyName: name, PolicyDocument: { Version: '2012-10-17', Statement } }],
    },
  };
}

/**
 * @param {Route} route
 * @param {string} integration
 */
function routeOf({ key, authorization }, integration) {
  return {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: API,
      RouteKey: key,
      AuthorizationType: authorization,
      Target: { 'Fn::Join': ['/', ['integrations', { Ref: integration }]] },
    },
  };
}

/**
 * For this route of this API alone; a part of a path in braces stands for any.
 *
 * @param {string} key
 * @param {object} functionArn
 */
function mayAsk(key, functionArn) {
  const [method, path = ''] = key.split(' ');
  const asked = `${method}${path.replace(/\{[^}]+\}/g, '*')}`;
  return {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: functionArn,
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: sub(
        `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Gateway}/*/${asked}`,
      ),
    },
  };
}

/** @param {string} key `GET /v1/{question}` is GetV1QuestionRoute */
function routeId(key) {
  return `${key
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map(capital)
    .join('')}Route`;
}

/** @param {string} name */
function pascal(name) {
  return name.split('-').map(capital).join('');
}

/** @param {string} word */
function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** @param {string} text */
function sub(text) {
  return { 'Fn::Sub': text };
}
