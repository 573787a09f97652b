import { createHash } from 'node:crypto';
import { basicAnswer } from '../../../local/ecr/findings.ts';
import { scanDocument } from '../../../local/ecr/scan-answer.ts';
import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../../../local/http.ts';
import { jsonProtocol, type Operation } from '../../../local/json-protocol.ts';
import { basicFindings } from '../../flow/findings.ts';

const SCAN = scanDocument(basicAnswer([...basicFindings('CRITICAL', 2), ...basicFindings('LOW', 20)]));

/** Remembers nothing, so that it is fast: every image is there, scanned and new, every write succeeds. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  DescribeImages: ({ repositoryName, imageIds }) => ({
    imageDetails: [
      {
        repositoryName,
        imageDigest: imageIds[0].imageDigest,
        imageTags: ['latest', '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567'],
        imagePushedAt: 1_790_000_000,
        imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
        artifactMediaType: 'application/vnd.oci.image.config.v1+json',
      },
    ],
  }),
  DescribeImageScanFindings: ({ repositoryName, imageId }) => ({ repositoryName, imageId, ...SCAN }),
  GetItem: () => ({}),
  PutItem: () => ({}),
  UpdateItem: () => ({}),
  Query: () => ({ Items: [], Count: 0, ScannedCount: 0 }),
  SendMessage: ({ MessageBody }) => ({
    MessageId: 'message',
    MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
  }),
};

const PUBLISHED =
  '<PublishResponse><PublishResult><MessageId>0a1b</MessageId></PublishResult></PublishResponse>';

/** One endpoint for all of AWS, Datadog and Slack. */
export async function startStub(parameters: ReadonlyMap<string, string>): Promise<Endpoint> {
  const aws = jsonProtocol({
    ...OPERATIONS,
    GetParameter: ({ Name }) => ({ Parameter: { Name, Value: parameters.get(Name) } }),
  });
  return serve((request) => (request.headers['x-amz-target'] ? aws(request) : sinks(request)));
}

function sinks({ path }: LocalRequest): LocalResponse {
  if (path.startsWith('/services/')) return { status: 200, body: 'ok' };
  if (path.startsWith('/api/'))
    return { status: 202, headers: { 'content-type': 'application/json' }, body: '{"errors":[]}' };
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: PUBLISHED };
}
