import { randomBytes } from 'node:crypto';
import { type BridgeEvent, envelope } from '../ecr/events.ts';

/** Where tasks run. */
export interface Cluster {
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
}

/** A task of a service; without `service` one that somebody ran by hand. */
export interface TaskSpec {
  readonly service?: string;
  readonly family: string;
  readonly revision?: number;
  /** `ecs-svc/…` */
  readonly deployment?: string;
  readonly architecture?: 'x86_64' | 'arm64';
  readonly containers: readonly ContainerSpec[];
}

interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  /** Absent before ECS has resolved it. */
  readonly digest?: string;
}

/** A task of the embedded stack: each call tells of its next change. */
export interface LocalTask {
  readonly id: string;
  running(at: Date): BridgeEvent;
  stopped(at: Date): BridgeEvent;
}

/**
 * A task whose changes are told as ECS tells them, each with a higher version than the one before.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
export function createTask(place: Cluster, spec: TaskSpec): LocalTask {
  const id = randomBytes(16).toString('hex');
  const { account, region, cluster } = place;
  const arn = (path: string) => `arn:aws:ecs:${region}:${account}:${path}`;
  let version = 0;
  let startedAt: Date | undefined;

  function change(lastStatus: 'RUNNING' | 'STOPPED', at: Date): BridgeEvent {
    version += 1;
    if (lastStatus === 'RUNNING') startedAt ??= at;
    return envelope(
      { account, region, at },
      'aws.ecs',
      'ECS Task State Change',
      [arn(`task/${cluster}/${id}`)],
      {
        clusterArn: arn(`cluster/${cluster}`),
        taskArn: arn(`task/${cluster}/${id}`),
        taskDefinitionArn: arn(`task-definition/${spec.family}:${spec.revision ?? 1}`),
        group: spec.service ? `service:${spec.service}` : `family:${spec.family}`,
        ...(spec.deployment && { startedBy: spec.deployment }),
        attributes: spec.architecture ? [{ name: 'ecs.cpu-architecture', value: spec.architecture }] : [],
        launchType: 'FARGATE',
        lastStatus,
        desiredStatus: lastStatus,
        version,
        ...(startedAt && { startedAt: startedAt.toISOString() }),
        ...(lastStatus === 'STOPPED' && { stoppedAt: at.toISOString() }),
        updatedAt: at.toISOString(),
        containers: spec.containers.map(({ name, image, digest }) => ({
          ...{ name, image, lastStatus },
          ...(digest && { imageDigest: digest }),
        })),
      },
    );
  }

  return { id, running: (at) => change('RUNNING', at), stopped: (at) => change('STOPPED', at) };
}

/**
 * `ECS Deployment State Change`.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
 */
export function deploymentChange(
  { account, region, cluster }: Cluster,
  service: string,
  deploymentId: string,
  state: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED',
  { at, reason = `ECS deployment ${deploymentId}.` }: { readonly at: Date; readonly reason?: string },
): BridgeEvent {
  const arn = `arn:aws:ecs:${region}:${account}:service/${cluster}/${service}`;
  return envelope({ account, region, at }, 'aws.ecs', 'ECS Deployment State Change', [arn], {
    eventType: state === 'FAILED' ? 'ERROR' : 'INFO',
    eventName: `SERVICE_DEPLOYMENT_${state}`,
    deploymentId,
    updatedAt: at.toISOString(),
    reason,
  });
}
