import type { Direction } from './cause.ts';

/** What a login calls; it is granted on `*` only. */
export const TOKEN_ACTION = 'ecr:GetAuthorizationToken';

/**
 * What each direction calls on the repository. Many policies for pulling allow ecr:BatchCheckLayerAvailability too; a
 * pull works without, as with AWS's own policy for it.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerRegistryPullOnly.html
 */
export const ACTIONS: Readonly<Record<Direction, readonly string[]>> = {
  pull: ['ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
  push: [
    'ecr:BatchCheckLayerAvailability',
    'ecr:BatchGetImage',
    'ecr:InitiateLayerUpload',
    'ecr:UploadLayerPart',
    'ecr:CompleteLayerUpload',
    'ecr:PutImage',
  ],
};
