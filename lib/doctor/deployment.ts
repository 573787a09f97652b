/** Where a deployment stands. */
export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** The deployment that is examined; without a place nothing of it could be found. */
export interface Deployment {
  readonly stage: string;
  readonly place?: Place;
}

/** The name that the template gives: `scan-response-dev-pushes`. */
export function nameOf({ stage }: Deployment, short: string): string {
  return `scan-response-${stage}-${short}`;
}

/** The ARN of one of its resources, `resource` as the service writes it; undefined when the place is unknown. */
export function arnOf({ place }: Deployment, service: string, resource: string): string | undefined {
  return place && `arn:${place.partition}:${service}:${place.region}:${place.account}:${resource}`;
}

/** The place in the first of these ARNs that names one; IAM's name no region and are passed over. */
export function placeOf(arns: readonly (string | undefined)[]): Place | undefined {
  for (const arn of arns) {
    const [, partition, , region, account] = arn?.split(':') ?? [];
    if (partition && region && account) return { partition, region, account };
  }
  return undefined;
}

/** The last part of an ARN: for queues, topics and functions their name. */
export function lastOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
