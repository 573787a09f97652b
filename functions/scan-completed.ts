import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { parseScan } from '../lib/intake/parse.ts';
import { log } from '../lib/log.ts';
import { once } from '../lib/once.ts';
import { eachMessage, type Received } from '../lib/queue/batch.ts';
import { overduePorts } from '../lib/reconcile/overdue.ts';
import { type ResponsePorts, respond } from '../lib/respond.ts';
import { batchPorts, responsePorts } from '../lib/services.ts';

// Called by AWS
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const { batch, response } = ports();
  return eachMessage(event, (message) => answer(message, response), batch);
}

// Once per cold start, on the first event
const ports = once(() => ({ batch: batchPorts(log), response: responsePorts() }));

// Once per message
async function answer({ body, waitedSeconds }: Received, response: ResponsePorts): Promise<object> {
  const { image, isOverdue = false } = parseScan(body);
  const ports = isOverdue ? overduePorts(response) : response;
  const decisions = (await respond(image, waitedSeconds, ports)).map(({ subject, decision }) => ({
    subject: subject.image.digest,
    tags: subject.tags,
    decision: decision.kind,
    reason: decision.reason,
  }));
  return { repository: image.repository.name, digest: image.digest, decisions };
}
