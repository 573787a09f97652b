import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { debounce } from '../lib/debounce.ts';
import { parseScan } from '../lib/intake/parse.ts';
import { log } from '../lib/log.ts';
import { once } from '../lib/once.ts';
import { eachMessage, type Received } from '../lib/queue/batch.ts';
import { overduePorts } from '../lib/reconcile/overdue.ts';
import { respond, respondToRetag } from '../lib/respond.ts';
import { batchPorts } from '../lib/services/batch.ts';
import { prime, queue, registry, tables } from '../lib/services/prime.ts';
import { debouncePorts, responsePorts, scanPace } from '../lib/services/scan.ts';

// Once per cold start, while Lambda starts it, with the policy and the connections that an event needs at the same time
const ports = once(() => ({
  ...{ batch: batchPorts(log), response: responsePorts() },
  ...{ findings: debouncePorts(), pace: scanPace() },
}));
const policy = () => ports().response.policyOf({ name: '' });
await prime([policy, tables, tables, tables, queue, queue, queue, registry, registry]);

// Called by AWS
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  return eachMessage(event, answer, ports().batch);
}

// Once per message
async function answer({ body, waitedSeconds }: Received): Promise<object> {
  const hint = parseScan(body);
  if (hint.kind === 'finding-hint') return { readingsPlanned: await debounce(hint, ports().findings) };
  await ports().pace();
  const { image, isRetag, isOverdue } = hint;
  const response = isOverdue ? overduePorts(ports().response) : ports().response;
  const answers = isRetag
    ? await respondToRetag(image, response, waitedSeconds)
    : await respond(image, waitedSeconds, response, hint);
  const decisions = answers.map(({ subject, decision: { kind, reason } }) => {
    return { subject: subject.image.digest, tags: subject.tags, decision: kind, reason };
  });
  return { repository: image.repository.name, digest: image.digest, decisions };
}
