import * as v from 'valibot';
import { InvalidEvent } from '../errors.ts';
import { untrusted } from '../image/untrusted.ts';
import type { RolloutState } from '../workload/rollout.ts';
import type { Workload } from '../workload/workload.ts';
import { checkName, DeploymentField, partsOf } from './ecs.ts';
import { type Envelope, InstantField, parseWith } from './envelope.ts';
import type { RolloutChange } from './event.ts';

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
const Detail = v.object({
  eventName: v.picklist([
    'SERVICE_DEPLOYMENT_IN_PROGRESS',
    'SERVICE_DEPLOYMENT_COMPLETED',
    'SERVICE_DEPLOYMENT_FAILED',
  ]),
  deploymentId: DeploymentField,
  updatedAt: v.optional(InstantField),
  reason: v.optional(v.string()),
});
const Resources = v.pipe(v.array(v.string()), v.length(1));

const STATES: Readonly<Record<v.InferOutput<typeof Detail>['eventName'], RolloutState>> = {
  SERVICE_DEPLOYMENT_IN_PROGRESS: 'in-progress',
  SERVICE_DEPLOYMENT_COMPLETED: 'completed',
  SERVICE_DEPLOYMENT_FAILED: 'failed',
};

const REASON_CHARACTERS = 300;

/** `ECS Deployment State Change` → how far a deployment is; it names no image. Throws InvalidEvent. */
export function parseRolloutChange(envelope: Envelope): RolloutChange {
  const { eventName, deploymentId, updatedAt, reason } = parseWith(Detail, envelope.detail, 'detail');
  const [, rollsBackTo] =
    /rolling back to deploymentId (ecs-svc\/[A-Za-z0-9_-]{1,64})/.exec(reason ?? '') ?? [];
  return {
    kind: 'rollout-change',
    eventId: envelope.id,
    at: envelope.time,
    workload: workloadOf(envelope),
    deployment: deploymentId,
    rollout: {
      state: STATES[eventName],
      at: updatedAt ?? envelope.time,
      ...(reason && { reason: untrusted(reason.slice(0, REASON_CHARACTERS)) }),
      ...(rollsBackTo && { rollsBackTo }),
    },
  };
}

/** The ARNs of services that are older than 2018 do not say which cluster it is in. */
function workloadOf(envelope: Envelope): Workload {
  const [arn = ''] = parseWith(Resources, envelope.resources, 'resources');
  const [cluster, service] = partsOf(arn, 'service', envelope);
  if (!service)
    throw new InvalidEvent('resources: the ARN of the service has the old form, which names no cluster');
  const { account, region } = envelope;
  return { account, region, cluster: checkName(cluster, 'cluster'), name: checkName(service, 'service') };
}
