/** An EventBridge event as a queue's message body holds it, before anything has been checked. */
export type RawEvent = Readonly<Record<string, unknown>> & {
  readonly detail: Readonly<Record<string, unknown>>;
};

export const DIGEST = `sha256:${'1a'.repeat(32)}`;

function anEvent(source: string, type: string, detail: object): RawEvent {
  return {
    version: '0',
    id: '13cde686-328b-6117-af20-0e5566167482',
    'detail-type': type,
    source,
    account: '111122223333',
    time: '2026-11-20T02:00:00Z',
    region: 'eu-west-1',
    resources: [],
    detail: { 'repository-name': 'shop/checkout', 'image-digest': DIGEST, ...detail },
  };
}

/** `ECR Image Action`; the overrides go into its detail. */
export function anImageAction(
  action: 'PUSH' | 'DELETE' | 'UPDATE_STORAGE_CLASS',
  overrides: object = {},
): RawEvent {
  const mediaTypes = {
    'manifest-media-type': 'application/vnd.oci.image.manifest.v1+json',
    'artifact-media-type': 'application/vnd.oci.image.config.v1+json',
  };
  const detail = { 'action-type': action, result: 'SUCCESS', ...mediaTypes, ...overrides };
  return anEvent('aws.ecr', 'ECR Image Action', detail);
}

/** `ECR Image Scan`, of basic scanning. */
export function aBasicScan(overrides: object = {}): RawEvent {
  const detail = { 'scan-status': 'COMPLETE', 'finding-severity-counts': { CRITICAL: 1 }, 'image-tags': [] };
  return anEvent('aws.ecr', 'ECR Image Scan', { ...detail, ...overrides });
}

/** `Inspector2 Scan`, of enhanced scanning: its repository is an ARN. */
export function anEnhancedScan(overrides: object = {}): RawEvent {
  const repository = 'arn:aws:ecr:eu-west-1:111122223333:repository/shop/checkout';
  const detail = { 'scan-status': 'INITIAL_SCAN_COMPLETE', 'repository-name': repository, version: '1.0' };
  return anEvent('aws.inspector2', 'Inspector2 Scan', { ...detail, ...overrides });
}
