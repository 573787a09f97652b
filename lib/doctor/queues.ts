// The queues of a deployment's drawing, apart so that `redrive` loads nothing else; blueprint.ts has the rest.

export type QueueName = 'pushes' | 'scans' | 'deployments' | 'datadog' | 'slack' | 'sns';

/** A queue has the function's name that reads it, and `<name>-dead-letters` behind it. */
interface QueueDrawing {
  readonly name: QueueName;
  readonly readBy: string;
  /** How old its oldest message may get before something is wrong; the alarms say the same. */
  readonly patienceSeconds: number;
  /** How often a message is received before it gives up. */
  readonly receives: number;
  readonly holds: string;
}

export const QUEUES: readonly QueueDrawing[] = [
  { name: 'pushes', readBy: 'image-pushed', patienceSeconds: 600, receives: 20, holds: 'pushes' },
  { name: 'scans', readBy: 'scan-completed', patienceSeconds: 600, receives: 20, holds: 'scans' },
  {
    name: 'deployments',
    readBy: 'image-deployed',
    patienceSeconds: 600,
    receives: 20,
    holds: 'events of tasks and deployments',
  },
  {
    name: 'datadog',
    readBy: 'deliver-datadog',
    patienceSeconds: 1800,
    receives: 150,
    holds: 'messages for Datadog',
  },
  {
    name: 'slack',
    readBy: 'deliver-slack',
    patienceSeconds: 1800,
    receives: 150,
    holds: 'messages for Slack',
  },
  { name: 'sns', readBy: 'deliver-sns', patienceSeconds: 1800, receives: 150, holds: 'messages for SNS' },
];
