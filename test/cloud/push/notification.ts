/** What docker-registry posts. Source: https://github.com/distribution/distribution/blob/v2.8.2/docs/notifications.md */
export interface Notification {
  readonly events: readonly RegistryEvent[];
}

interface RegistryEvent {
  readonly timestamp: string;
  readonly action: string;
  readonly target: {
    readonly mediaType: string;
    readonly digest: string;
    readonly repository: string;
    readonly url: string;
    readonly tag?: string;
  };
}

/** The part of a manifest that says what it is. */
export interface ManifestTypes {
  readonly artifactType?: string;
  readonly config?: { readonly mediaType: string };
}

/** An `ECR Image Action` as ECR puts it on the bus: the bus adds id, account and region. */
export interface ImageActionEvent {
  readonly source: 'aws.ecr';
  readonly 'detail-type': 'ECR Image Action';
  /** Whole seconds, as ECR's own. */
  readonly time: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, string>>;
}

/** The pushes of manifests in a notification; pulls and the pushes of blobs have no event in ECR. */
export function manifestPushes({ events }: Notification): readonly RegistryEvent[] {
  return events.filter(({ action, target }) => action === 'push' && /manifest|index/.test(target.mediaType));
}

/** A push as ECR tells of it: a push by digest has an empty tag, an image index no artifact's media type. */
export function toImageAction(
  { timestamp, target }: RegistryEvent,
  { artifactType, config }: ManifestTypes,
): ImageActionEvent {
  const artifactMediaType = artifactType ?? config?.mediaType;
  return {
    source: 'aws.ecr',
    'detail-type': 'ECR Image Action',
    time: `${timestamp.slice(0, 19)}Z`,
    resources: [],
    detail: {
      result: 'SUCCESS',
      'repository-name': target.repository,
      'image-digest': target.digest,
      'action-type': 'PUSH',
      'image-tag': target.tag ?? '',
      'manifest-media-type': target.mediaType,
      ...(artifactMediaType && { 'artifact-media-type': artifactMediaType }),
    },
  };
}
