import { stdout } from 'node:process';
import { digestOf } from '../lib/image/digest.ts';
import { type LocalRequest, type LocalResponse, serve } from '../local/http.ts';
import { jsonProtocol, ServiceFault } from '../local/json-protocol.ts';

const ACCOUNT = '111122223333';
const HEADERS = { 'content-type': 'application/x-amz-json-1.1' };

/**
 * Serves ECR on this machine: so many repositories with as many images each, of which it lets through no more calls a
 * second than that and refuses the rest as AWS does. What is long is made once; a tenth has no lifecycle policy. Prints
 * its address, and answers at `/calls` how often it was asked.
 */
export async function serveRegistry(repositories: number, images: number, perSecond: number): Promise<void> {
  let calls = 0;
  let refused = 0;
  const mayPass = bucket(perSecond);
  const imagesText = JSON.stringify({ imageDetails: Array.from({ length: images }, (_, n) => imageOf(n)) });
  const other = jsonProtocol({
    DescribeRepositories: ({ nextToken = '0' }) => pageOf(repositories, Number(nextToken)),
    GetRegistryScanningConfiguration: () => ({
      scanningConfiguration: {
        scanType: 'BASIC',
        rules: [
          { scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] },
        ],
      },
    }),
    GetLifecyclePolicy({ repositoryName }) {
      if (repositoryName.endsWith('0')) throw new ServiceFault('LifecyclePolicyNotFoundException', 'none');
      return { lifecyclePolicyText: '{"rules":[]}' };
    },
    GetRepositoryPolicy() {
      throw new ServiceFault('RepositoryPolicyNotFoundException', 'none');
    },
    DescribeRule: ({ Name }) => ({
      Arn: `arn:aws:events:eu-west-1:${ACCOUNT}:rule/${Name}`,
      State: 'ENABLED',
    }),
    Query() {
      throw new ServiceFault('ResourceNotFoundException', 'no such table');
    },
  });
  const respond = (request: LocalRequest): LocalResponse | Promise<LocalResponse> => {
    if (request.path === '/calls') return { status: 200, body: JSON.stringify({ calls, refused }) };
    calls += 1;
    if (!mayPass()) {
      refused += 1;
      const body = JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' });
      return { status: 400, headers: { ...HEADERS, 'x-amzn-errortype': 'ThrottlingException' }, body };
    }
    const isImages = String(request.headers['x-amz-target']).endsWith('.DescribeImages');
    return isImages ? { status: 200, headers: HEADERS, body: imagesText } : other(request);
  };
  const { url } = await serve(respond);
  stdout.write(`${url}\n`);
}

/** A second's worth of calls may come at once, and then as many as flow in. */
function bucket(perSecond: number): () => boolean {
  let level = perSecond;
  let filledMs = performance.now();
  return () => {
    const nowMs = performance.now();
    level = Math.min(perSecond, level + ((nowMs - filledMs) / 1000) * perSecond);
    filledMs = nowMs;
    if (level < 1) return false;
    level -= 1;
    return true;
  };
}

function pageOf(repositories: number, from: number) {
  const to = Math.min(repositories, from + 1000);
  const named = Array.from({ length: to - from }, (_, n) => {
    const repositoryName = `team-${(from + n) % 100}/service-${from + n}`;
    return {
      ...{ registryId: ACCOUNT, repositoryName, imageTagMutability: 'IMMUTABLE' },
      repositoryArn: `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/${repositoryName}`,
    };
  });
  return { repositories: named, ...(to < repositories && { nextToken: String(to) }) };
}

function imageOf(nth: number) {
  return {
    ...{ registryId: ACCOUNT, imageDigest: digestOf(`image ${nth}`), imageSizeInBytes: 48_000_000 + nth },
    imageTags: [`v1.${nth}.0-abc${(1000 + nth).toString(16)}`],
    imagePushedAt: 1_790_000_000 + nth,
    imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactMediaType: 'application/vnd.oci.image.config.v1+json',
    imageStatus: 'ACTIVE',
  };
}
