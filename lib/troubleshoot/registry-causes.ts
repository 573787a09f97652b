import { type Cause, DIRECTIONS } from './cause.ts';

const ERRORS = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors.html';

/** The repository, and who may do what in it. */
export const REGISTRY_CAUSES: readonly Cause[] = [
  {
    id: 'repository',
    directions: DIRECTIONS,
    title: 'The repository does not exist here',
    symptoms: [
      "name unknown: The repository with name '…' does not exist in the registry with id",
      'RepositoryNotFoundException',
      "pull access denied for …, repository does not exist or may require 'docker login'",
    ],
    because:
      'A typing error, another region or account, or nobody created it: ECR creates a repository by itself only where a repository creation template (on push) or a pull-through cache rule (on pull) says so.',
    check:
      'Asks ECR for the repository; when it is not there, for names like it, for what would create it by itself, and the lineage for the same name elsewhere.',
    asks: [
      'ecr:DescribeRepositories',
      'ecr:DescribeRepositoryCreationTemplates',
      'ecr:DescribePullThroughCacheRules',
    ],
    fix: 'aws ecr create-repository --repository-name REPO --region REGION --image-scanning-configuration scanOnPush=true',
    source: ERRORS,
  },
  {
    id: 'rights',
    directions: DIRECTIONS,
    title: 'The role may not push or pull',
    symptoms: [
      'is not authorized to perform: ecr:… because no identity-based policy allows',
      'is not authorized to perform: ecr:… with an explicit deny',
      'is not authorized to perform: ecr:',
      'CannotPullContainerError: … 403 Forbidden',
      "pull access denied for …, repository does not exist or may require 'docker login'",
    ],
    because:
      'The policies of the role (of ECS: the execution role, not the task role) leave out an action, or a permissions boundary or a policy of the organization takes it away.',
    check:
      'Has IAM simulate the actions on the repository: for the role of --role, or else for yourself. Nothing is done.',
    asks: ['iam:SimulatePrincipalPolicy', 'iam:GetRole'],
    fix: 'aws iam attach-role-policy --role-name ROLE --policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html',
  },
  {
    id: 'policy',
    directions: DIRECTIONS,
    title: 'The repository’s own policy does not let the role in',
    symptoms: [
      'is not authorized to perform: ecr:… because no resource-based policy allows',
      'is not authorized to perform: ecr:… with an explicit deny in a resource-based policy',
    ],
    because:
      'From another account both sides have to allow it: the policies of the role and the policy of the repository. In the same account the repository’s policy can still deny.',
    check: 'Reads the repository’s policy and looks for the role in it, action by action.',
    asks: ['ecr:GetRepositoryPolicy'],
    fix: 'aws ecr set-repository-policy --repository-name REPO --region REGION --policy-text file://policy.json',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html',
  },
  {
    id: 'key',
    directions: DIRECTIONS,
    title: 'The key of the repository cannot be used',
    symptoms: ['KmsException', 'KmsError'],
    because:
      'The repository is encrypted with a key of your own that is disabled, waits for its deletion, or whose grant to ECR was retired. ECR reads and writes with a grant: whoever pulls needs no right on the key.',
    check: 'Reads the state of the key, when the repository has one of its own.',
    asks: ['ecr:DescribeRepositories', 'kms:DescribeKey'],
    fix: 'aws kms enable-key --key-id KEY --region REGION',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html',
  },
  {
    id: 'limit',
    directions: ['push'],
    title: 'The repository is full',
    symptoms: ['already has the maximum allowed number of images', 'LimitExceededException'],
    because: 'A repository holds a limited number of images, and without a lifecycle policy none ever goes.',
    asks: [],
    fix: 'aws ecr put-lifecycle-policy --repository-name REPO --region REGION --lifecycle-policy-text file://lifecycle.json',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html',
  },
  {
    id: 'throttled',
    directions: DIRECTIONS,
    title: 'Too many requests',
    symptoms: [
      'toomanyrequests',
      'TOOMANYREQUESTS: Rate exceeded',
      '429 Too Many Requests',
      'ThrottlingException',
    ],
    because:
      'Too many pulls or pushes at once from one account, or pulls from Docker Hub without a login of its own: then the text names docker.io.',
    asks: [],
    fix: 'aws service-quotas list-service-quotas --service-code ecr --region REGION',
    source: ERRORS,
  },
];
