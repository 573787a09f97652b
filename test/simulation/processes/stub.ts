import { createHash } from 'node:crypto';
import { basicAnswer } from '../../../local/ecr/findings.ts';
import { scanDocument } from '../../../local/ecr/scan-answer.ts';
import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../../../local/http.ts';
import { jsonProtocol, type Operation } from '../../../local/json-protocol.ts';
import { basicFindings } from '../../flow/findings.ts';

const SCAN = scanDocument(basicAnswer([...basicFindings('CRITICAL', 2), ...basicFindings('LOW', 20)]));
const REPOSITORY = {
  registryId: '111122223333',
  repositoryName: 'shop/checkout',
  repositoryArn: 'arn:aws:ecr:eu-west-1:111122223333:repository/shop/checkout',
};
const PUSHED_LONG_AGO = Math.round(Date.now() / 1000) - 86_400;

/** One endpoint for all of AWS, Datadog and Slack. */
export interface Stub extends Endpoint {
  /** How many requests it has answered. */
  requests(): number;
}

/**
 * Remembers next to nothing, so that it is fast: every image is there, scanned and new, every write succeeds. Only the
 * ids that were found in a repository are known the next time, as in any that is not scanned for the first time.
 */
export async function startStub(parameters: ReadonlyMap<string, string>): Promise<Stub> {
  let requests = 0;
  const aws = jsonProtocol({
    ...REGISTRY,
    ...table(),
    ChangeMessageVisibility: () => ({}),
    SendMessage: ({ MessageBody }) => taken(MessageBody),
    SendMessageBatch: ({ Entries }) => ({
      Successful: Entries.map(({ Id, MessageBody }: Entry) => ({ Id, ...taken(MessageBody) })),
    }),
    GetParameter: ({ Name }) => ({ Parameter: { Name, Value: parameters.get(Name) } }),
  });
  const endpoint = await serve((request) => {
    requests += 1;
    return request.headers['x-amz-target'] ? aws(request) : sinks(request);
  });
  return { ...endpoint, requests: () => requests };
}

type Operations = Readonly<Record<string, Operation>>;

const REGISTRY: Operations = {
  DescribeRepositories: () => ({ repositories: [REPOSITORY] }),
  DescribeImages: ({ repositoryName, imageIds }) => ({
    imageDetails: [
      {
        repositoryName,
        imageDigest:
          imageIds?.[0].imageDigest ?? `sha256:${createHash('sha256').update(repositoryName).digest('hex')}`,
        imageTags: ['latest', '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567'],
        imagePushedAt: PUSHED_LONG_AGO,
        imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
        artifactMediaType: 'application/vnd.oci.image.config.v1+json',
      },
    ],
  }),
  DescribeImageScanFindings: ({ repositoryName, imageId }) => ({ repositoryName, imageId, ...SCAN }),
};

/** Of one repository, the item with the ids that are known of it; nothing else. */
function table(): Operations {
  let known: unknown;
  return {
    GetItem: ({ Key }) => (Key.sk?.S === 'FOUND' && known ? { Item: known } : {}),
    PutItem: ({ Item }) => {
      if (Item.sk?.S === 'FOUND') known = Item;
    },
    UpdateItem: () => ({}),
    Query: () => ({ Items: [], Count: 0, ScannedCount: 0 }),
  };
}

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
}

function taken(body: string) {
  return { MessageId: 'message', MD5OfMessageBody: createHash('md5').update(body).digest('hex') };
}

const PUBLISHED =
  '<PublishResponse><PublishResult><MessageId>0a1b</MessageId></PublishResult></PublishResponse>';

function sinks({ path }: LocalRequest): LocalResponse {
  if (path.startsWith('/services/')) return { status: 200, body: 'ok' };
  if (path.startsWith('/api/'))
    return { status: 202, headers: { 'content-type': 'application/json' }, body: '{"errors":[]}' };
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: PUBLISHED };
}
