import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { enrich, enrichSubjects } from '../lib/enrich.ts';
import { closeDeleted } from '../lib/heartbeat/close.ts';
import { parsePushOrHint } from '../lib/intake/parse.ts';
import { log } from '../lib/log.ts';
import { once } from '../lib/once.ts';
import { eachMessage, type Received } from '../lib/queue/batch.ts';
import { remember } from '../lib/remember.ts';
import { batchPorts } from '../lib/services/batch.ts';
import { prime, registry, tables } from '../lib/services/prime.ts';
import { closingPorts, enrichPorts, lineagePorts } from '../lib/services/push.ts';

// Once per cold start, while Lambda starts it, and the connections that an event needs at the same time
const ports = once(() => ({
  ...{ batch: batchPorts(log), lineage: lineagePorts() },
  ...{ closing: closingPorts(), documents: enrichPorts() },
}));
await prime([async () => ports(), tables, tables, tables, registry, registry]);

// Called by AWS
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  return eachMessage(event, answer, ports().batch);
}

// Once per message
async function answer({ body, waitedSeconds }: Received): Promise<object> {
  const { lineage, closing, documents } = ports();
  const event = parsePushOrHint(body);
  if (event.kind === 'documents-hint') return enrich(event, waitedSeconds, documents);
  const { action, repository, digest, tag } = event;
  const outcome = await remember(event, lineage);
  const closed = await closeDeleted(event, closing);
  const subjects = await enrichSubjects(event, documents);
  return {
    ...{ action, repository: repository.name, digest, tag, outcome },
    ...(closed.length > 0 && { closed }),
    ...(subjects.length > 0 && { subjects }),
  };
}
