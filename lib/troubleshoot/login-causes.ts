import { type Cause, DIRECTIONS } from './cause.ts';

/** Who asks, where, and whether docker has logged in. */
export const LOGIN_CAUSES: readonly Cause[] = [
  {
    id: 'credentials',
    directions: DIRECTIONS,
    title: 'No AWS credentials, or credentials that have ended',
    symptoms: [
      'Unable to locate credentials',
      'The security token included in the request is expired',
      'The security token included in the request is invalid',
      'Error when retrieving token from sso: Token has expired and refresh failed',
      'Error: Cannot perform an interactive login from a non TTY device',
    ],
    because:
      'Nothing on this machine says who you are, or the session of the role or of single sign-on is over: `get-login-password` prints nothing and `docker login` has no password to read.',
    check: 'Asks STS who you are.',
    asks: ['sts:GetCallerIdentity'],
    fix: 'aws sso login --profile PROFILE && export AWS_PROFILE=PROFILE',
    source: 'https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-troubleshooting.html',
  },
  {
    id: 'registry',
    directions: DIRECTIONS,
    title: 'The image is in another account or region than the login',
    symptoms: ['no basic auth credentials'],
    because:
      'Each account and region is a registry of its own, with a login of its own: a login to one is none to the next.',
    check: 'Holds the account and the region of the image against yours, and docker’s login against both.',
    asks: ['sts:GetCallerIdentity'],
    fix: 'aws ecr get-login-password --region REGION | docker login --username AWS --password-stdin ACCOUNT.dkr.ecr.REGION.amazonaws.com',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html',
  },
  {
    id: 'token',
    directions: DIRECTIONS,
    title: 'ecr:GetAuthorizationToken is not allowed',
    symptoms: [
      'is not authorized to perform: ecr:GetAuthorizationToken',
      'An error occurred (AccessDeniedException) when calling the GetAuthorizationToken operation',
    ],
    because:
      'A login needs ecr:GetAuthorizationToken on the resource "*". It cannot be granted on one repository, and no repository policy can grant it.',
    check: 'Asks ECR for a token, which is neither printed nor used.',
    asks: ['ecr:GetAuthorizationToken'],
    fix: '{"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors.html',
  },
  {
    id: 'docker-login',
    directions: DIRECTIONS,
    title: 'docker is not logged in, or its login is older than 12 hours',
    symptoms: [
      'no basic auth credentials',
      'denied: Your authorization token has expired. Reauthenticate and try again.',
      'denied: Your Authorization Token has expired.',
      'failed to fetch anonymous token: … 401 Unauthorized',
      "pull access denied for …, repository does not exist or may require 'docker login'",
    ],
    because: 'docker keeps the token of the last login, and a token of ECR ends after 12 hours.',
    check:
      'Reads whether docker on this machine has a login to this registry, and when it ends; a credential store is not opened. Left out with --role and --vpc: ECS, EKS and Lambda log in by themselves.',
    asks: [],
    fix: 'aws ecr get-login-password --region REGION | docker login --username AWS --password-stdin ACCOUNT.dkr.ecr.REGION.amazonaws.com',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html',
  },
];
