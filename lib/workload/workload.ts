import { BadReference } from '../errors.ts';
import { safeText, untrusted } from '../image/untrusted.ts';

/** What keeps tasks running, or ran them: an ECS service, or for tasks of none the family of their definition. */
export interface Workload {
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  /** The service's name, or `family:NAME`. */
  readonly name: string;
}

/** What a person types: `cluster/service`, with an account and a region when it is an ARN. */
export interface WorkloadReference extends Pick<Workload, 'cluster' | 'name'> {
  readonly account?: string;
  readonly region?: string;
}

const ARN = /^arn:[a-z-]+:ecs:([a-z0-9-]{4,32}):(\d{12}):service\/(.+)$/;
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
const PATH = /^([A-Za-z0-9_-]{1,255})\/((?:family:)?[A-Za-z0-9_-]{1,255})$/;

/** Reads `cluster/service`, `cluster/family:NAME`, or the ARN of a service; throws BadReference. */
export function parseWorkload(text: string): WorkloadReference {
  const [, region, account, path = text] = ARN.exec(text) ?? [];
  const [, cluster, name] = PATH.exec(path) ?? [];
  if (!cluster || !name)
    throw new BadReference(
      `not a service: ${JSON.stringify(safeText(untrusted(text), 80))}. Try cluster/service, cluster/family:NAME, or the service's ARN`,
    );
  return { ...(account && region && { account, region }), cluster, name };
}
