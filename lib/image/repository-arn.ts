import type { Repository } from './reference.ts';

type Partition = 'aws' | 'aws-cn' | 'aws-us-gov';

/** The partition that a region is in. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The ARN of a repository. */
export function repositoryArn({ account, region, name }: Repository): string {
  return `arn:${partitionOf(region)}:ecr:${region}:${account}:repository/${name}`;
}
