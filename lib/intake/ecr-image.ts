import { BadReference } from '../errors.ts';
import { parseReference, type Reference } from '../image/reference.ts';
import type { Container } from '../workload/task.ts';

// Both address families: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
const DUAL_STACK = /^(\d{12})\.dkr-ecr(-fips)?\.([a-z0-9-]+)\.on\.aws\//;

/** What a container's image names, when it is in a registry of ECR, whoever's; undefined for every other. */
export function ecrImage(image: string): Pick<Container, 'repository' | 'tag' | 'digest'> | undefined {
  const reference = read(image.replace(DUAL_STACK, '$1.dkr.ecr$2.$3.amazonaws.com/'));
  if (!reference?.account || !reference.region) return undefined;
  const { account, region, name, tag, digest } = reference;
  return { repository: { account, region, name }, ...(tag && { tag }), ...(digest && { digest }) };
}

function read(image: string): Reference | undefined {
  try {
    return parseReference(image);
  } catch (error) {
    if (error instanceof BadReference) return undefined;
    throw error;
  }
}
