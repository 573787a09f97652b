import { createQueue, type Queue, type QueueSettings } from './queue.ts';

export interface QueueDefinition extends QueueSettings {
  readonly logicalId: string;
  readonly redrive?: { readonly maxReceiveCount: number; readonly deadLetterArn: string } | undefined;
}

/** The template's queues by logical id, each tied to its dead letters. `now` gives milliseconds. */
export function createQueues(
  definitions: readonly QueueDefinition[],
  now: () => number,
): ReadonlyMap<string, Queue> {
  const queues = new Map<string, Queue>();
  const create = (definition: QueueDefinition): Queue => {
    const { logicalId, name, redrive } = definition;
    const existing = queues.get(logicalId);
    if (existing) return existing;
    const target = definitions.find(({ arn }) => arn === redrive?.deadLetterArn);
    if (redrive && !target)
      throw new Error(`${name}: its dead letters ${redrive.deadLetterArn} are no queue`);
    const queue = createQueue(definition, { now, deadLetters: target && create(target) });
    queues.set(logicalId, queue);
    return queue;
  };
  for (const definition of definitions) create(definition);
  return queues;
}
