import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { enrich, enrichSubjects } from '../lib/enrich.ts';
import { closeDeleted } from '../lib/heartbeat/close.ts';
import type { ImageAction } from '../lib/intake/event.ts';
import { parsePushOrHint } from '../lib/intake/parse.ts';
import { log } from '../lib/log.ts';
import { once } from '../lib/once.ts';
import { eachMessage, type Received } from '../lib/queue/batch.ts';
import { remember } from '../lib/remember.ts';
import { batchPorts, closingPorts, enrichPorts, lineagePorts } from '../lib/services.ts';

// Called by AWS
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  return eachMessage(event, answer, ports().batch);
}

// Once per cold start, on the first event
const ports = once(() => ({
  batch: batchPorts(log),
  lineage: lineagePorts(),
  closing: closingPorts(),
  enrich: enrichPorts(),
}));

// Once per message
async function answer({ body, waitedSeconds }: Received): Promise<object> {
  const event = parsePushOrHint(body);
  if (event.kind === 'image-action') return record(event);
  const { repository, digest } = event.image;
  const { outcome, ...read } = await enrich(event, waitedSeconds, ports().enrich);
  return { action: 'read', repository: repository.name, digest, outcome, ...read };
}

async function record(event: ImageAction): Promise<object> {
  const { action, repository, digest, tag } = event;
  const outcome = await remember(event, ports().lineage);
  const closed = await closeDeleted(event, ports().closing);
  const subjects = await enrichSubjects(event, ports().enrich);
  return {
    ...{ action, repository: repository.name, digest, tag, outcome },
    ...(closed.length > 0 && { closed }),
    ...(subjects.length > 0 && { subjects }),
  };
}
