import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyEventV2WithIAMAuthorizer } from 'aws-lambda';
import type { LocalRequest } from '../http.ts';
import type { Caller } from './signature.ts';

export interface Asked {
  readonly request: LocalRequest;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly api: string;
  readonly account: string;
  readonly at: Date;
  readonly caller?: Caller | undefined;
}

/** Bodies that come as text; all others, forms and what says nothing of itself too, come in Base64. */
const TEXT = /^(text\/|application\/(json|xml|javascript)\b)/i;

/**
 * A request as a function gets it, payload 2.0. Which bodies are in Base64 was measured on AWS, not documented:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html,
 * https://github.com/ministackorg/ministack/pull/766
 */
export function eventOf(asked: Asked): APIGatewayProxyEventV2 | APIGatewayProxyEventV2WithIAMAuthorizer {
  const { request, routeKey, pathParameters } = asked;
  const { cookie, ...headers } = request.headers;
  const [rawPath = '/', ...rest] = request.path.split('?');
  const rawQueryString = rest.join('?');
  const query = joined([...new URLSearchParams(rawQueryString)]);
  const isText = TEXT.test(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    ...(cookie && { cookies: cookie.split(/; */) }),
    headers: joined(
      Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().map((it) => [name, it])),
    ),
    ...(rawQueryString && { queryStringParameters: query }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters: { ...pathParameters } }),
    requestContext: contextOf(asked, rawPath),
    ...(request.bytes.length > 0 && { body: request.bytes.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: request.bytes.length > 0 && !isText,
  };
}

function contextOf({ request, routeKey, account, api, at, caller }: Asked, path: string) {
  const domainName = request.headers.host ?? '';
  return {
    accountId: account,
    apiId: api,
    ...(caller && { authorizer: { iam: identityOf(caller, account) } }),
    domainName,
    domainPrefix: domainName.split('.')[0] ?? '',
    http: {
      method: request.method,
      path,
      protocol: 'HTTP/1.1',
      sourceIp: '127.0.0.1',
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId: randomUUID(),
    routeKey,
    stage: '$default',
    time: `${at.toISOString()}`,
    timeEpoch: at.getTime(),
  } as APIGatewayProxyEventV2WithIAMAuthorizer['requestContext'];
}

function identityOf({ accessKey }: Caller, accountId: string) {
  const userArn = `arn:aws:iam::${accountId}:user/${accessKey}`;
  return { accessKey, accountId, callerId: accessKey, cognitoIdentity: null, userArn, userId: accessKey };
}

/** Every name once, its values with commas between them. */
function joined(pairs: readonly (readonly string[])[]): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name = '', value = ''] of pairs) {
    const before = Object.hasOwn(all, name) ? `${all[name]},` : '';
    Object.defineProperty(all, name, { value: before + value, enumerable: true, configurable: true });
  }
  return all;
}
