import { digestOf } from '../../lib/image/digest.ts';
import type { CauseId } from '../../lib/troubleshoot/cause.ts';
import type { Answers } from '../doubles/aws.ts';
import {
  ACCOUNT,
  described,
  endpoint,
  endpoints,
  HOST,
  identity,
  ROLE,
  refusing,
  routeTables,
  settings,
  simulated,
  tokenUntil,
  VPC,
} from '../doubles/transfer.ts';

/** One thing that is wrong, and what has to be said of it first. */
interface Plant {
  readonly cause: CauseId;
  readonly what: string;
  readonly args: readonly string[];
  readonly planted?: Answers;
  readonly docker?: unknown;
  readonly environment?: Readonly<Record<string, string>>;
  readonly says: string;
  readonly fix: string;
}

const PULL = ['pull', 'demo-api:v1'];
const PUSH = ['push', 'demo-api:v1'];
const OTHER = 'arn:aws:sts::444455556666:assumed-role/ci/me';
const ACROSS = ['pull', `${HOST}/demo-api:v1`];
const DENY = { Effect: 'Deny', Principal: '*', Action: 'ecr:BatchGetImage' };

function policy(...Statement: readonly unknown[]) {
  return () => ({ policyText: JSON.stringify({ Version: '2012-10-17', Statement }) });
}

function role(session: string): string {
  const arn = session.replace(':sts:', ':iam:').replace('assumed-role', 'role').replace(/\/me$/, '');
  return `<Role><Path>/</Path><RoleName>ci</RoleName><RoleId>AROA</RoleId><Arn>${arn}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></Role>`;
}

const INDEX = JSON.stringify({
  schemaVersion: 2,
  manifests: [{ digest: `sha256:${'d'.repeat(64)}`, platform: { os: 'linux', architecture: 'amd64' } }],
});

/** `demo-api:v1` is an image index for linux/amd64 only. */
function ofIndex(): Answers {
  const imageDigest = digestOf(INDEX);
  return {
    DescribeImages: ({ imageIds }) =>
      imageIds[0].imageTag ? { imageDetails: [described({ imageDigest })] } : { imageDetails: [described()] },
    BatchGetImage: () => ({
      images: [{ imageManifest: INDEX, imageManifestMediaType: 'application/vnd.oci.image.index.v1+json' }],
    }),
  };
}

const IN_ACCOUNT: readonly Plant[] = [
  {
    cause: 'credentials',
    what: 'a session that has ended',
    args: PUSH,
    planted: {
      GetCallerIdentity: refusing('ExpiredToken', 'The security token included in the request is expired'),
    },
    says: 'Nobody here is logged in to AWS: ExpiredToken',
    fix: 'aws sso login',
  },
  {
    cause: 'credentials',
    what: 'none at all',
    args: PULL,
    environment: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    says: 'CredentialsProviderError',
    fix: 'AWS_PROFILE',
  },
  {
    cause: 'network-api',
    what: 'nothing answers',
    args: PUSH,
    environment: { SCAN_RESPONSE_NETWORK_URL: 'http://127.0.0.1:1' },
    says: 'api.ecr.eu-west-1.amazonaws.com is a private address (127.0.0.1): an endpoint, and does not answer: ECONNREFUSED',
    fix: 'aws ec2 authorize-security-group-ingress',
  },
  {
    cause: 'token',
    what: 'GetAuthorizationToken is not allowed',
    args: PUSH,
    planted: { GetAuthorizationToken: refusing('AccessDeniedException') },
    says: 'You may not ecr:GetAuthorizationToken',
    fix: '"Action": "ecr:GetAuthorizationToken", "Resource": "*"',
  },
  {
    cause: 'docker-login',
    what: 'a login to another registry only',
    args: PUSH,
    docker: { auths: { '444455556666.dkr.ecr.eu-west-1.amazonaws.com': { auth: tokenUntil(4e9) } } },
    says: `docker is not logged in to ${HOST}.`,
    fix: `aws ecr get-login-password --region eu-west-1 | docker login --username AWS --password-stdin ${HOST}`,
  },
  {
    cause: 'docker-login',
    what: 'a login of yesterday',
    args: PULL,
    docker: { auths: { [HOST]: { auth: tokenUntil(Date.parse('2026-01-01T00:00:00Z') / 1000) } } },
    says: `docker's login to ${HOST} ended at 2026-01-01 00:00:00 UTC`,
    fix: 'aws ecr get-login-password',
  },
  {
    cause: 'repository',
    what: 'a typing error',
    args: ['pull', 'demo-apo:v1'],
    planted: {
      DescribeRepositories: ({ repositoryNames }) => {
        if (repositoryNames) return refusing('RepositoryNotFoundException')();
        return { repositories: [settings(), settings({ repositoryName: 'web/shop' })] };
      },
      DescribeImages: refusing('RepositoryNotFoundException'),
    },
    says: `There is no repository demo-apo in ${ACCOUNT}/eu-west-1. There is demo-api.`,
    fix: 'aws ecr create-repository --repository-name demo-apo --region eu-west-1',
  },
  {
    cause: 'rights',
    what: 'an execution role that may not read layers',
    args: [...PULL, '--role', ROLE],
    planted: { SimulatePrincipalPolicy: simulated(['ecr:GetDownloadUrlForLayer']) },
    says: `${ROLE} may not ecr:GetDownloadUrlForLayer.`,
    fix: 'aws iam put-role-policy --role-name ecsTaskExecutionRole --policy-name ecr',
  },
  {
    cause: 'rights',
    what: 'a role that may not log in',
    args: [...PULL, '--role', ROLE],
    planted: { SimulatePrincipalPolicy: simulated(['ecr:GetAuthorizationToken']) },
    says: `${ROLE} may not ecr:GetAuthorizationToken.`,
    fix: '"Action":"ecr:GetAuthorizationToken","Resource":"*"',
  },
  {
    cause: 'rights',
    what: 'an organization that takes it away',
    args: PUSH,
    planted: {
      SimulatePrincipalPolicy: simulated(
        ['ecr:PutImage'],
        '<OrganizationsDecisionDetail><AllowedByOrganizations>false</AllowedByOrganizations></OrganizationsDecisionDetail>',
      ),
    },
    says: 'role/ci may not ecr:PutImage (taken away by the organization).',
    fix: 'a service control policy of the organization',
  },
  {
    cause: 'rights',
    what: 'a role that does not exist',
    args: [...PULL, '--role', ROLE],
    planted: { SimulatePrincipalPolicy: refusing('NoSuchEntity') },
    says: `There is no such role or user: ${ROLE}.`,
    fix: 'aws iam list-roles',
  },
  {
    cause: 'policy',
    what: 'another account that is not let in',
    args: ACROSS,
    planted: { GetCallerIdentity: () => identity(OTHER), GetRole: () => role(OTHER) },
    says: "is of another account, and the repository's policy does not let it ecr:GetDownloadUrlForLayer",
    fix: 'aws ecr set-repository-policy --repository-name demo-api --region eu-west-1 --policy-text',
  },
  {
    cause: 'policy',
    what: 'a Deny',
    args: PULL,
    planted: { GetRepositoryPolicy: policy(DENY) },
    says: `denies arn:aws:iam::${ACCOUNT}:role/ci ecr:BatchGetImage.`,
    fix: 'take the Deny out: aws ecr set-repository-policy',
  },
  {
    cause: 'key',
    what: 'a key that is disabled',
    args: PULL,
    planted: { DescribeKey: () => ({ KeyMetadata: { KeyState: 'Disabled' } }) },
    says: 'The key of the repository is Disabled',
    fix: 'aws kms enable-key --key-id 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9 --region eu-west-1',
  },
  {
    cause: 'tag-missing',
    what: 'a tag that nobody pushed',
    args: PULL,
    planted: {
      DescribeImages: ({ imageIds }) =>
        imageIds
          ? refusing('ImageNotFoundException')()
          : { imageDetails: [described({ imageTags: ['v2', 'main'] })] },
    },
    says: 'demo-api:v1 is not there. There is v2.',
    fix: `docker push ${HOST}/demo-api:v1`,
  },
  {
    cause: 'tag-taken',
    what: 'an immutable tag',
    args: PUSH,
    planted: {
      DescribeRepositories: () => ({ repositories: [settings({ imageTagMutability: 'IMMUTABLE' })] }),
    },
    says: 'The tag v1 is taken by',
    fix: 'filterType=WILDCARD,filter=v1',
  },
  {
    cause: 'archived',
    what: 'an archived image',
    args: PULL,
    planted: { DescribeImages: () => ({ imageDetails: [described({ imageStatus: 'ARCHIVED' })] }) },
    says: 'demo-api:v1 is archived',
    fix: 'aws ecr update-image-storage-class --repository-name demo-api --image-id imageDigest=sha256:',
  },
  {
    cause: 'platform',
    what: 'an image for another platform',
    args: [...PULL, '--layers', '--platform', 'linux/arm64'],
    planted: ofIndex(),
    says: 'demo-api:v1 is not for linux/arm64, but for linux/amd64.',
    fix: 'docker buildx build --platform linux/amd64,linux/arm64 --push',
  },
  {
    cause: 'layers',
    what: 'a layer that is gone',
    args: [...PULL, '--layers'],
    planted: {
      BatchCheckLayerAvailability: ({ layerDigests }) => ({
        layers: layerDigests.map((layerDigest: string) => ({
          layerDigest,
          layerAvailability: /1{64}/.test(layerDigest) ? 'UNAVAILABLE' : 'AVAILABLE',
        })),
      }),
    },
    says: `1 of 3 that the manifest of demo-api:v1 names are not there: sha256:${'1'.repeat(64)}.`,
    fix: 'aws ecr batch-delete-image --repository-name demo-api --image-ids imageTag=v1',
  },
];

const IN_VPC: readonly Plant[] = [
  {
    cause: 'network-api',
    what: 'a private VPC without the endpoint ecr.api',
    planted: {
      DescribeVpcEndpoints: () => endpoints(endpoint('ecr.dkr'), endpoint('s3', { type: 'Gateway' })),
    },
    says: 'The VPC has no endpoint ecr.api, and subnets of rtb-1 have no other way out.',
    fix: `aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface --service-name com.amazonaws.eu-west-1.ecr.api --vpc-id ${VPC}`,
  },
  {
    cause: 'network-dkr',
    what: 'an endpoint ecr.dkr without private DNS',
    planted: {
      DescribeVpcEndpoints: () =>
        endpoints(
          endpoint('ecr.api'),
          endpoint('ecr.dkr', { dns: false }),
          endpoint('s3', { type: 'Gateway' }),
        ),
    },
    says: 'The endpoint vpce-ecr.dkr (ecr.dkr) has no private DNS',
    fix: 'aws ec2 modify-vpc-endpoint --vpc-endpoint-id vpce-ecr.dkr --private-dns-enabled',
  },
  {
    cause: 'network-s3',
    what: 'an endpoint s3 in another route table',
    planted: {
      DescribeVpcEndpoints: () =>
        endpoints(
          endpoint('ecr.api'),
          endpoint('ecr.dkr'),
          endpoint('s3', { type: 'Gateway', tables: ['rtb-9'] }),
        ),
    },
    says: 'The endpoint vpce-s3 (s3) is not in rtb-1',
    fix: '--add-route-table-ids rtb-1',
  },
  {
    cause: 'network-s3',
    what: 'an endpoint s3 whose policy leaves the layers out',
    planted: {
      DescribeVpcEndpoints: () =>
        endpoints(
          endpoint('ecr.api'),
          endpoint('ecr.dkr'),
          endpoint('s3', {
            type: 'Gateway',
            policy:
              '{&quot;Statement&quot;:[{&quot;Effect&quot;:&quot;Allow&quot;,&quot;Principal&quot;:&quot;*&quot;,&quot;Action&quot;:&quot;s3:*&quot;,&quot;Resource&quot;:&quot;arn:aws:s3:::mine/*&quot;}]}',
          }),
        ),
    },
    says: 'leaves out the bucket of the layers, prod-eu-west-1-starport-layer-bucket',
    fix: '"Resource": "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*"',
  },
].map((it): Plant => ({ ...it, cause: it.cause as CauseId, args: [...PULL, '--role', ROLE, '--vpc', VPC] }));

const WITHOUT_WAY_OUT: Plant = {
  cause: 'nat',
  what: 'a NAT gateway that is gone, beside an endpoint that still waits',
  args: [
    ...PUSH,
    '--role',
    ROLE,
    '--vpc',
    VPC,
    '--error',
    'dial tcp 52.1.2.3:443: i/o timeout, CannotPullContainerError: x, context deadline exceeded',
  ],
  planted: {
    DescribeVpcEndpoints: () => endpoints(),
    DescribeRouteTables: () =>
      routeTables('<natGatewayId>nat-1</natGatewayId>').replace('active', 'blackhole'),
  },
  says: 'rtb-1 leads nowhere (no NAT gateway), and the VPC has no endpoint ecr.api, ecr.dkr.',
  fix: 'aws ec2 create-route --route-table-id rtb-1 --destination-cidr-block 0.0.0.0/0',
};

/** Everything that can be wrong, one thing at a time. */
export const PLANTS: readonly Plant[] = [...IN_ACCOUNT, ...IN_VPC, WITHOUT_WAY_OUT];
