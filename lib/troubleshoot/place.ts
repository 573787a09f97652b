import { BadReference } from '../errors.ts';
import type { Repository } from '../image/reference.ts';
import { partitionOf } from '../image/repository-arn.ts';

/** Takes any string, returns it as a region's name; throws BadReference. It becomes a part of host names. */
export function parseRegion(text: string): string {
  if (!/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(text)) throw new BadReference('not a region. Try eu-west-1');
  return text;
}

/** The registry's host: what stands before the name in an image's URI. */
export function registryHost({ account, region }: Pick<Repository, 'account' | 'region'>): string {
  return `${account}.dkr.ecr.${region}.${suffixOf(region)}`;
}

/** The host of ECR's API. */
export function apiHost(region: string): string {
  return `api.ecr.${region}.${suffixOf(region)}`;
}

/** The bucket that ECR keeps a region's layers in. vpc-endpoints.html in ECR's user guide */
export function layerBucket(region: string): string {
  return `prod-${region}-starport-layer-bucket`;
}

/** The host that layers are fetched from. */
export function layerHost(region: string): string {
  return `${layerBucket(region)}.s3.${region}.${suffixOf(region)}`;
}

/** The ARN of what is in a layer bucket. */
export function layersArn(region: string): string {
  return `arn:${partitionOf(region)}:s3:::${layerBucket(region)}/any`;
}

function suffixOf(region: string): string {
  return partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}
