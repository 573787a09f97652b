import * as v from 'valibot';
import type { Instant } from '../instant.ts';
import type { Architecture } from '../workload/architecture.ts';
import type { Container, Task } from '../workload/task.ts';
import { ecrImage } from './ecr-image.ts';
import { checkName, DeploymentField, NameField, partsOf } from './ecs.ts';
import { DigestField, type Envelope, InstantField, parseWith } from './envelope.ts';
import type { TaskChange } from './event.ts';

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
const ContainerDetail = v.object({
  name: NameField,
  image: v.string(),
  imageDigest: v.optional(DigestField),
  lastStatus: v.optional(v.string()),
});
const Detail = v.object({
  clusterArn: v.string(),
  taskArn: v.string(),
  taskDefinitionArn: v.string(),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  lastStatus: v.picklist(['RUNNING', 'STOPPED']),
  group: v.optional(v.string()),
  startedBy: v.optional(v.string()),
  startedAt: v.optional(InstantField),
  stoppedAt: v.optional(InstantField),
  updatedAt: v.optional(InstantField),
  attributes: v.optional(v.array(v.object({ name: v.string(), value: v.optional(v.string()) }))),
  containers: v.pipe(v.array(ContainerDetail), v.maxLength(100)),
});
type Detail = v.InferOutput<typeof Detail>;

/** `ECS Task State Change` → which images a task runs, or ran; throws InvalidEvent. */
export function parseTaskChange(envelope: Envelope): TaskChange {
  const detail = parseWith(Detail, envelope.detail, 'detail');
  const changedAt = detail.updatedAt ?? envelope.time;
  const startedAt = detail.startedAt ?? (detail.lastStatus === 'RUNNING' ? changedAt : undefined);
  const architecture = architectureOf(detail);
  const task: Task = {
    ...identityOf(detail, envelope),
    version: detail.version,
    ...(startedAt && { startedAt }),
    ...(architecture && { architecture }),
    containers: detail.containers.flatMap((it) => toContainer(it, detail, changedAt) ?? []),
  };
  return { kind: 'task-change', eventId: envelope.id, at: envelope.time, task };
}

/**
 * A task is a service's when both its group and who started it say so: anybody who may run a task chooses the one or
 * the other, and calls it after a service.
 */
function identityOf(
  { clusterArn, taskArn, taskDefinitionArn, group, startedBy }: Detail,
  envelope: Envelope,
): Pick<Task, 'workload' | 'id' | 'taskDefinition' | 'deployment'> {
  const { account, region } = envelope;
  const cluster = checkName(partsOf(clusterArn, 'cluster', envelope)[0], 'cluster');
  const id = checkName(partsOf(taskArn, 'task', envelope).at(-1), 'task');
  const [family, revision] = (partsOf(taskDefinitionArn, 'task-definition', envelope)[0] ?? '').split(':');
  const taskDefinition = `${checkName(family, 'family')}:${checkName(revision, 'revision')}`;
  const [, service] = /^service:(.+)$/.exec(group ?? '') ?? [];
  const deployment = v.safeParse(DeploymentField, startedBy);
  if (service && deployment.success) {
    const workload = { account, region, cluster, name: checkName(service, 'service') };
    return { workload, id, taskDefinition, deployment: deployment.output };
  }
  return { workload: { account, region, cluster, name: `family:${family}` }, id, taskDefinition };
}

/** A container that waits for another to be healthy runs nothing yet; undefined as for images of no registry of ECR. */
function toContainer(
  { name, image, imageDigest, lastStatus }: v.InferOutput<typeof ContainerDetail>,
  task: Detail,
  changedAt: Instant,
): Container | undefined {
  const named = ecrImage(image);
  const status = task.lastStatus === 'STOPPED' ? 'STOPPED' : (lastStatus ?? 'RUNNING');
  if (!named || (status !== 'RUNNING' && status !== 'STOPPED')) return undefined;
  const digest = imageDigest ?? named.digest;
  return {
    ...{ name, image },
    ...named,
    ...(digest && { digest }),
    ...(status === 'STOPPED' && { stoppedAt: task.stoppedAt ?? changedAt }),
  };
}

function architectureOf({ attributes = [] }: Detail): Architecture | undefined {
  const value = attributes.find(({ name }) => name === 'ecs.cpu-architecture')?.value;
  return value === 'x86_64' || value === 'arm64' ? value : undefined;
}
