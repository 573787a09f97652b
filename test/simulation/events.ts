import type { WorldImage } from './world.ts';

type Detail = Readonly<Record<string, unknown>> & { readonly 'image-digest': string };

function envelope(source: string, type: string, atMs: number, detail: Detail): string {
  return JSON.stringify({
    version: '0',
    id: `${detail['image-digest'].slice('sha256:'.length, 39)}-${atMs}`,
    'detail-type': type,
    source,
    account: '111122223333',
    time: new Date(atMs).toISOString(),
    region: 'eu-west-1',
    resources: [],
    detail,
  });
}

/** What AWS says of a push; twice the same. */
export function pushEvent({ image, tag, kind, pushedMs }: WorldImage): string {
  const form = kind === 'index' ? 'application/vnd.oci.image.index.v1+json' : MANIFEST;
  return envelope('aws.ecr', 'ECR Image Action', pushedMs, {
    'action-type': 'PUSH',
    result: 'SUCCESS',
    'repository-name': image.repository.name,
    'image-digest': image.digest,
    'image-tag': tag,
    'manifest-media-type': form,
    ...(kind === 'image' && { 'artifact-media-type': 'application/vnd.oci.image.config.v1+json' }),
  });
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** What AWS says of the scan of one manifest; twice the same. */
export function scanEvent({ image, tag }: WorldImage, digest: string, completedMs: number): string {
  const { account, region, name } = image.repository;
  return envelope('aws.inspector2', 'Inspector2 Scan', completedMs, {
    'scan-status': 'INITIAL_SCAN_COMPLETE',
    'repository-name': `arn:aws:ecr:${region}:${account}:repository/${name}`,
    'image-digest': digest,
    'image-tags': digest === image.digest ? [tag] : [],
    version: '1.0',
  });
}
