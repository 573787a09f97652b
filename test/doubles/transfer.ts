import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { digestOf } from '../../lib/image/digest.ts';
import { ServiceFault } from '../../local/json-protocol.ts';
import { type Answers, openAws } from './aws.ts';

export const ACCOUNT = '111122223333';
export const HOST = `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com`;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/ecsTaskExecutionRole`;
export const VPC = 'vpc-0a1b2c3d4e5f60718';
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9`;
const PUSHED_AT = Date.parse('2026-11-20T02:00:00Z') / 1000;

const LAYERS = ['1', '2'].map((it) => `sha256:${it.repeat(64)}`);
const CONFIG = `sha256:${'c'.repeat(64)}`;
/** The manifest behind `demo-api:v1`. */
const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: CONFIG, size: 1 },
  layers: LAYERS.map((digest) => ({ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size: 1 })),
});

/** What DescribeImages says of an image. */
export function described(more: Readonly<Record<string, unknown>> = {}) {
  return {
    registryId: ACCOUNT,
    repositoryName: 'demo-api',
    imageDigest: digestOf(MANIFEST),
    imageTags: ['v1'],
    imagePushedAt: PUSHED_AT,
    imageSizeInBytes: 1_000,
    imageStatus: 'ACTIVE',
    ...more,
  };
}

/** What DescribeRepositories says of a repository. */
export function settings(more: Readonly<Record<string, unknown>> = {}) {
  return {
    registryId: ACCOUNT,
    repositoryName: 'demo-api',
    repositoryArn: `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/demo-api`,
    imageTagMutability: 'MUTABLE',
    encryptionConfiguration: { encryptionType: 'KMS', kmsKey: KEY },
    ...more,
  };
}

/** IAM's word for each action that it is asked about: those of `not` are not allowed. */
export function simulated(not: readonly string[] = [], more = '') {
  return (parameters: Readonly<Record<string, string>>): string => {
    const actions = Object.entries(parameters).flatMap(([name, it]) =>
      /^ActionNames\./.test(name) ? it : [],
    );
    const members = actions.map((action) => {
      const decision = not.includes(action) ? 'implicitDeny' : 'allowed';
      const detail = not.includes(action) ? more : '';
      return `<member><EvalActionName>${action}</EvalActionName><EvalResourceName>${parameters['ResourceArns.member.1']}</EvalResourceName><EvalDecision>${decision}</EvalDecision>${detail}</member>`;
    });
    return `<EvaluationResults>${members.join('')}</EvaluationResults><IsTruncated>false</IsTruncated>`;
  };
}

export function refusing(code: string, message = 'as planned') {
  return () => {
    throw new ServiceFault(code, message);
  };
}

/** The caller of everything. */
export function identity(arn = `arn:aws:sts::${ACCOUNT}:assumed-role/ci/me`): string {
  return `<Arn>${arn}</Arn><UserId>AROA:me</UserId><Account>${arn.split(':')[4]}</Account>`;
}

/** An AWS in which `demo-api:v1` can be pushed and pulled. */
function healthyAnswers(): Answers {
  return {
    GetCallerIdentity: () => identity(),
    GetRole: ({ RoleName }) =>
      `<Role><Path>/</Path><RoleName>${RoleName}</RoleName><RoleId>AROA</RoleId><Arn>arn:aws:iam::${ACCOUNT}:role/${RoleName}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></Role>`,
    SimulatePrincipalPolicy: simulated(),
    GetAuthorizationToken: () => ({
      authorizationData: [{ authorizationToken: 'canary-token', expiresAt: PUSHED_AT + 4e8 }],
    }),
    DescribeRepositories: () => ({ repositories: [settings()] }),
    DescribeRepositoryCreationTemplates: () => ({ repositoryCreationTemplates: [] }),
    DescribePullThroughCacheRules: () => ({ pullThroughCacheRules: [] }),
    DescribeImages: () => ({ imageDetails: [described()] }),
    GetRepositoryPolicy: refusing('RepositoryPolicyNotFoundException'),
    BatchGetImage: () => ({
      images: [
        { imageManifest: MANIFEST, imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json' },
      ],
    }),
    BatchCheckLayerAvailability: ({ layerDigests }) => ({
      layers: layerDigests.map((layerDigest: string) => ({ layerDigest, layerAvailability: 'AVAILABLE' })),
    }),
    DescribeKey: () => ({ KeyMetadata: { KeyState: 'Enabled' } }),
    DescribeVpcEndpoints: () =>
      endpoints(endpoint('ecr.api'), endpoint('ecr.dkr'), endpoint('s3', { type: 'Gateway' })),
    DescribeRouteTables: () => routeTables(),
    DescribeSubnets: () => '<subnetSet><item><subnetId>subnet-1</subnetId></item></subnetSet>',
  };
}

/** One endpoint of a VPC as EC2 writes it. */
export function endpoint(
  service: string,
  { type = 'Interface', dns = true, state = 'available', tables = ['rtb-1'], policy = '' } = {},
): string {
  const inTables = type === 'Gateway' ? tables.map((it) => `<item>${it}</item>`).join('') : '';
  return `<item><vpcEndpointId>vpce-${service}</vpcEndpointId><vpcEndpointType>${type}</vpcEndpointType><serviceName>com.amazonaws.eu-west-1.${service}</serviceName><state>${state}</state><policyDocument>${policy}</policyDocument><routeTableIdSet>${inTables}</routeTableIdSet><privateDnsEnabled>${dns}</privateDnsEnabled></item>`;
}

export function endpoints(...items: readonly string[]): string {
  return `<vpcEndpointSet>${items.join('')}</vpcEndpointSet>`;
}

/** The main route table of the VPC, with a way out or without. */
export function routeTables(wayOut = ''): string {
  const out = wayOut
    ? `<item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock>${wayOut}<state>active</state></item>`
    : '';
  const local =
    '<item><destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId></item>';
  return `<routeTableSet><item><routeTableId>rtb-1</routeTableId><routeSet>${local}${out}</routeSet><associationSet><item><main>true</main></item></associationSet></item></routeTableSet>`;
}

/** A token as ECR gives it, that ends at a second. */
export function tokenUntil(second: number): string {
  const token = {
    payload: 'canary-payload',
    datakey: 'canary-key',
    version: '2',
    type: 'DATA_KEY',
    expiration: second,
  };
  return Buffer.from(`AWS:${Buffer.from(JSON.stringify(token)).toString('base64')}`).toString('base64');
}

/** A folder with docker's configuration until the end of the test; without one, an empty folder. */
export function dockerFolder(config?: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'docker-config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  if (config !== undefined) writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  return folder;
}

/** An AWS and a machine in which everything works but what is planted; the environment for the command. */
export async function openTransfer(
  planted: Answers = {},
  docker: unknown = { auths: { [HOST]: { auth: tokenUntil(4e9) } } },
) {
  const { url, asked } = await openAws({ ...healthyAnswers(), ...planted });
  const environment = {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_MAX_ATTEMPTS: '1',
    SCAN_RESPONSE_NETWORK_URL: url,
    DOCKER_CONFIG: dockerFolder(docker),
  };
  return { environment, asked };
}
