import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { parseDeployment } from '../lib/intake/parse.ts';
import { log } from '../lib/log.ts';
import { observe, type WorkloadPorts } from '../lib/observe.ts';
import { once } from '../lib/once.ts';
import { eachMessage, type Received } from '../lib/queue/batch.ts';
import { batchPorts } from '../lib/services/batch.ts';
import { workloadPorts } from '../lib/services/run.ts';

// Called by AWS
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const { batch, workload } = ports();
  return eachMessage(event, (message) => record(message, workload), batch);
}

// Once per cold start, on the first event
const ports = once(() => ({ batch: batchPorts(log), workload: workloadPorts() }));

// Once per message
async function record({ body }: Received, ports: WorkloadPorts): Promise<object> {
  const event = parseDeployment(body);
  const outcome = await observe(event, ports);
  if (event.kind === 'rollout-change') {
    const { workload, deployment, rollout } = event;
    return { ...placeOf(workload), deployment, state: rollout.state, outcome };
  }
  const { workload, id, version, containers } = event.task;
  const isRunning = containers.some(({ stoppedAt }) => !stoppedAt);
  return { ...placeOf(workload), task: id, version, isRunning, outcome };
}

function placeOf({ cluster, name }: { readonly cluster: string; readonly name: string }) {
  return { cluster, workload: name };
}
