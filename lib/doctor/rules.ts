import type { QueueName } from './queues.ts';

// The rules of a deployment's drawing; blueprint.ts has the rest.

export type RuleName =
  | 'image-action'
  | 'image-replicated'
  | 'image-cached'
  | 'image-scan'
  | 'inspector-scan'
  | 'inspector-finding'
  | 'task-state'
  | 'deployment-state';
interface RuleDrawing {
  readonly name: RuleName;
  readonly source: string;
  readonly detailType: string;
  readonly queue: QueueName;
  /** What nobody hears of without it. */
  readonly carries: string;
}

export const RULES: readonly RuleDrawing[] = [
  {
    name: 'image-action',
    source: 'aws.ecr',
    detailType: 'ECR Image Action',
    queue: 'pushes',
    carries: 'pushes, deletions and archivals of images',
  },
  {
    name: 'image-replicated',
    source: 'aws.ecr',
    detailType: 'ECR Replication Action',
    queue: 'pushes',
    carries: 'images that are replicated into a registry',
  },
  {
    name: 'image-cached',
    source: 'aws.ecr',
    detailType: 'ECR Pull Through Cache Action',
    queue: 'pushes',
    carries: 'images that come through a pull-through cache',
  },
  {
    name: 'image-scan',
    source: 'aws.ecr',
    detailType: 'ECR Image Scan',
    queue: 'scans',
    carries: 'basic scans that ended',
  },
  {
    name: 'inspector-scan',
    source: 'aws.inspector2',
    detailType: 'Inspector2 Scan',
    queue: 'scans',
    carries: 'enhanced scans that ended',
  },
  {
    name: 'inspector-finding',
    source: 'aws.inspector2',
    detailType: 'Inspector2 Finding',
    queue: 'scans',
    carries: 'findings that open or close after the first enhanced scan',
  },
  {
    name: 'task-state',
    source: 'aws.ecs',
    detailType: 'ECS Task State Change',
    queue: 'deployments',
    carries: 'tasks of ECS that run or stopped',
  },
  {
    name: 'deployment-state',
    source: 'aws.ecs',
    detailType: 'ECS Deployment State Change',
    queue: 'deployments',
    carries: 'deployments of services that began, ended or failed',
  },
];
