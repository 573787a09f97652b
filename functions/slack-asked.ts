import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { log } from '../lib/log.ts';
import { once } from '../lib/once.ts';
import { prime, tablesBy } from '../lib/services/prime.ts';
import { AT_ONCE, slackDoorPorts } from '../lib/services/slack-door.ts';
import { answerSlack } from '../lib/slack-door/answer.ts';

// Once per cold start: connections while Lambda starts it, all else on the first event
const ports = once(() => slackDoorPorts());
await prime([tablesBy(AT_ONCE), async () => ports().readSigningSecret()]);

// Called by API Gateway, for whoever knows the address: who it is, the signature says
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const kind = event.pathParameters?.kind ?? '';
  const { timeEpoch } = event.requestContext;
  const { status, body, outcome, error } = await answerSlack(kind, event, timeEpoch, ports());
  const fields = { kind: kind.slice(0, 20), outcome, tookMs: Date.now() - timeEpoch };
  if (error) log.error('Slack could not be answered', { ...fields, error });
  else log.info('answered Slack', fields);
  return {
    statusCode: status,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  };
}
