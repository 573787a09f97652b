import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { parsePush } from '../lib/intake/parse.ts';
import { log } from '../lib/log.ts';
import { once } from '../lib/once.ts';
import { eachMessage, type Received } from '../lib/queue/batch.ts';
import { type LineagePorts, remember } from '../lib/remember.ts';
import { batchPorts, lineagePorts } from '../lib/services.ts';

// Called by AWS
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const { batch, lineage } = ports();
  return eachMessage(event, (message) => record(message, lineage), batch);
}

// Once per cold start, on the first event
const ports = once(() => ({ batch: batchPorts(log), lineage: lineagePorts() }));

// Once per message
async function record({ body }: Received, lineage: LineagePorts): Promise<object> {
  const event = parsePush(body);
  const { action, repository, digest, tag } = event;
  return { action, repository: repository.name, digest, tag, outcome: await remember(event, lineage) };
}
