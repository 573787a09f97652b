import type { Direction } from './cause.ts';

/** What a login calls; it is granted on `*` only. */
export const TOKEN_ACTION = 'ecr:GetAuthorizationToken';

/**
 * What each direction calls on the repository.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 */
export const ACTIONS: Readonly<Record<Direction, readonly string[]>> = {
  pull: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
  push: [
    'ecr:BatchCheckLayerAvailability',
    'ecr:BatchGetImage',
    'ecr:InitiateLayerUpload',
    'ecr:UploadLayerPart',
    'ecr:CompleteLayerUpload',
    'ecr:PutImage',
  ],
};
