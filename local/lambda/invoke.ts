import type { Invocation, Worker } from './worker.ts';

/** Runs a function on an event, in the process of it that has the least to do; rejects when there is none. */
export type Invoke = (functionName: string, event: unknown) => Promise<Invocation>;

/** Takes the processes of all functions. */
export function createInvoke(
  workers: readonly Worker[],
  onInvocation: (invocation: Invocation) => void,
): Invoke {
  const waiting = new Map(workers.map((worker) => [worker, 0]));
  const waitingFor = (worker: Worker) => waiting.get(worker) ?? 0;
  return async (functionName, event) => {
    const own = workers.filter(({ name }) => name === functionName);
    const [worker] = own.sort((one, other) => waitingFor(one) - waitingFor(other));
    if (!worker) throw new Error(`${functionName} is named, and the template does not have it`);
    waiting.set(worker, waitingFor(worker) + 1);
    try {
      const invocation = await worker.invoke(event);
      onInvocation(invocation);
      return invocation;
    } finally {
      waiting.set(worker, waitingFor(worker) - 1);
    }
  };
}
