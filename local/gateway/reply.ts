import * as v from 'valibot';
import type { LocalResponse } from '../http.ts';
import type { Invocation } from '../lambda/worker.ts';

const Structured = v.object({
  statusCode: v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599)),
  headers: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])), {}),
  cookies: v.optional(v.array(v.string())),
  body: v.optional(v.string(), ''),
  isBase64Encoded: v.optional(v.boolean(), false),
});

/**
 * What API Gateway makes of a function's answer. Without a statusCode the whole answer is the body.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function replyOf({ result, error }: Invocation): LocalResponse {
  if (error) return said(500, 'Internal Server Error');
  const value: unknown = result === undefined ? undefined : JSON.parse(result);
  const isStructured = typeof value === 'object' && value !== null && 'statusCode' in value;
  if (!isStructured)
    return { status: 200, headers: { 'content-type': 'application/json' }, body: result ?? '' };
  const parsed = v.safeParse(Structured, value);
  if (!parsed.success) return said(500, 'Internal Server Error');
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.output;
  return {
    status: statusCode,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...Object.fromEntries(Object.entries(headers).map(([name, it]) => [name.toLowerCase(), `${it}`])),
      ...(cookies && { 'set-cookie': cookies }),
    },
    body: isBase64Encoded ? Buffer.from(body, 'base64') : body,
  };
}

/** An answer of API Gateway's own. */
export function said(status: number, message: string): LocalResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}
