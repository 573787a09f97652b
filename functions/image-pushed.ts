import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type ClosingPorts, closeDeleted } from '../lib/heartbeat/close.ts';
import { parsePush } from '../lib/intake/parse.ts';
import { log } from '../lib/log.ts';
import { once } from '../lib/once.ts';
import { eachMessage, type Received } from '../lib/queue/batch.ts';
import { type LineagePorts, remember } from '../lib/remember.ts';
import { batchPorts, closingPorts, lineagePorts } from '../lib/services.ts';

// Called by AWS
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const { batch, lineage, closing } = ports();
  return eachMessage(event, (message) => record(message, lineage, closing), batch);
}

// Once per cold start, on the first event
const ports = once(() => ({ batch: batchPorts(log), lineage: lineagePorts(), closing: closingPorts() }));

// Once per message
async function record({ body }: Received, lineage: LineagePorts, closing: ClosingPorts): Promise<object> {
  const event = parsePush(body);
  const { action, repository, digest, tag } = event;
  const outcome = await remember(event, lineage);
  const closed = await closeDeleted(event, closing);
  return { action, repository: repository.name, digest, tag, outcome, ...(closed.length > 0 && { closed }) };
}
