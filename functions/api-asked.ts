import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { answerTo } from '../lib/api/answer.ts';
import type { ApiReply } from '../lib/api/reply.ts';
import { log } from '../lib/log.ts';
import { once } from '../lib/once.ts';
import { apiTools } from '../lib/services/api.ts';
import { IMPATIENT } from '../lib/services/lookup.ts';
import { prime, tablesBy } from '../lib/services/prime.ts';

// Once per cold start: a connection while Lambda starts it, all else on the first event
const tools = once(() => apiTools());
await prime([tablesBy(IMPATIENT)]);

// Called by API Gateway, for whom IAM lets ask
export async function handler(event: APIGatewayProxyEventV2): Promise<ApiReply> {
  const { pathParameters, rawQueryString, headers, requestContext } = event;
  const { reply, fault } = await answerTo(
    {
      question: pathParameters?.question ?? '',
      query: rawQueryString,
      ifNoneMatch: headers['if-none-match'],
      id: requestContext.requestId,
    },
    tools(),
  );
  const fields = { request: requestContext.requestId, status: reply.statusCode };
  if (fault) log.error('the tables did not answer', { ...fields, fault });
  else log.info('answered', fields);
  return reply;
}
