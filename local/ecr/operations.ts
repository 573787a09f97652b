import { type Operation, ServiceFault } from '../json-protocol.ts';
import { type Paging, page } from './page.ts';
import {
  findImage,
  type ImageId,
  type Registry,
  type Repository,
  referrersOf,
  type StoredImage,
  tagsOf,
} from './registry.ts';
import { type ScanAnswer, scanDocument } from './scan-answer.ts';
import { epochSeconds } from './timestamp.ts';

/** The operations of ECR that this service calls. `blobUrl` says where a blob can be fetched without credentials. */
export function ecrOperations(
  registry: Registry,
  blobUrl: (repository: string, digest: string) => string,
): Readonly<Record<string, Operation>> {
  const registryId = registry.account;
  return {
    DescribeRepositories(paging) {
      const { items, nextToken } = page<string>(registry.names(), paging);
      const repositories = items.map((repositoryName) => ({
        registryId,
        repositoryName,
        repositoryArn: `arn:aws:ecr:${registry.region}:${registryId}:repository/${repositoryName}`,
      }));
      return { repositories, nextToken };
    },
    DescribeImages({ repositoryName, imageIds, filter, ...paging }) {
      const repository = repositoryOf(registry, repositoryName);
      const images =
        imageIds?.map((id: ImageId) => imageOf(repository, id)) ?? list(repository, filter?.tagStatus);
      const { items, nextToken } = page<StoredImage>(images, paging);
      const imageDetails = items.map((image) => ({
        registryId,
        repositoryName,
        ...detail(repository, image),
      }));
      return { imageDetails, nextToken };
    },
    ...policyOperations(registry),
    BatchGetImage({ repositoryName, imageIds, acceptedMediaTypes }) {
      const repository = repositoryOf(registry, repositoryName);
      const images: unknown[] = [];
      const failures: unknown[] = [];
      for (const imageId of imageIds) {
        const image = findImage(repository, imageId);
        if (image && (acceptedMediaTypes?.includes(image.mediaType) ?? true)) {
          images.push({ registryId, repositoryName, ...manifestDocument(imageId, image) });
        } else {
          failures.push({
            imageId,
            failureCode: 'ImageNotFound',
            failureReason: 'Requested image not found',
          });
        }
      }
      return { images, failures };
    },
    ListImageReferrers({ repositoryName, subjectId, ...paging }) {
      const repository = repositoryOf(registry, repositoryName);
      return referrersPage(repository, subjectId.imageDigest, paging);
    },
    GetDownloadUrlForLayer({ repositoryName, layerDigest }) {
      const repository = repositoryOf(registry, repositoryName);
      if (!repository.blobs.has(layerDigest)) {
        throw new ServiceFault('LayersNotFoundException', `no layer ${layerDigest} in ${repositoryName}`);
      }
      return { layerDigest, downloadUrl: blobUrl(repositoryName, layerDigest) };
    },
    DescribeImageScanFindings({ repositoryName, imageId, ...paging }) {
      const repository = repositoryOf(registry, repositoryName);
      const imageDigest = imageOf(repository, imageId).digest;
      const answer = repository.scans.get(imageDigest);
      if (!answer) throw new ServiceFault('ScanNotFoundException', `no scan of ${imageDigest}`);
      const scan = scanPage(answer, paging);
      return { registryId, repositoryName, imageId: { ...imageId, imageDigest }, ...scan };
    },
  };
}

/** The two policies of a repository, as they were put. */
function policyOperations(registry: Registry): Readonly<Record<string, Operation>> {
  const registryId = registry.account;
  return {
    GetLifecyclePolicy({ repositoryName }) {
      const { lifecyclePolicy: lifecyclePolicyText } = repositoryOf(registry, repositoryName);
      if (lifecyclePolicyText !== undefined) return { registryId, repositoryName, lifecyclePolicyText };
      throw new ServiceFault('LifecyclePolicyNotFoundException', `no lifecycle policy of ${repositoryName}`);
    },
    GetRepositoryPolicy({ repositoryName }) {
      const { policy: policyText } = repositoryOf(registry, repositoryName);
      if (policyText !== undefined) return { registryId, repositoryName, policyText };
      throw new ServiceFault('RepositoryPolicyNotFoundException', `no policy of ${repositoryName}`);
    },
  };
}

/** Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageReferrer.html */
function referrersPage(repository: Repository, subject: string, paging: Paging) {
  const { items, nextToken } = page(referrersOf(repository, subject), paging);
  const referrers = items.map(({ digest, mediaType, artifactMediaType, text }) => ({
    ...{ digest, mediaType, artifactType: artifactMediaType },
    ...{ size: Buffer.byteLength(text), artifactStatus: 'ACTIVE' },
  }));
  return { referrers, nextToken };
}

/**
 * One page of a scan; the counts, which are of the whole image, stand on every page. Inspector's findings come
 * by the hundred whatever was asked. Source: https://github.com/boto/boto3/issues/3449
 */
function scanPage(answer: ScanAnswer, paging: Paging) {
  if (answer.enhancedFindings) {
    const { items, nextToken } = page(answer.enhancedFindings, { ...paging, maxResults: 100 });
    return { ...scanDocument({ ...answer, enhancedFindings: items }), nextToken };
  }
  const { items, nextToken } = page(answer.findings ?? [], paging);
  return { ...scanDocument({ ...answer, findings: answer.findings && items }), nextToken };
}

function list(repository: Repository, tagStatus = 'ANY'): readonly StoredImage[] {
  const tagged = new Set(repository.tags.values());
  return [...repository.images.values()].filter(
    ({ digest }) => tagStatus === 'ANY' || tagged.has(digest) === (tagStatus === 'TAGGED'),
  );
}

function detail(repository: Repository, image: StoredImage) {
  const imageTags = tagsOf(repository, image.digest);
  return {
    imageDigest: image.digest,
    ...(imageTags.length > 0 && { imageTags }),
    imageSizeInBytes: image.sizeBytes,
    imagePushedAt: epochSeconds(image.pushedAt),
    imageManifestMediaType: image.mediaType,
    artifactMediaType: image.artifactMediaType,
    subjectManifestDigest: image.subject,
    imageStatus: 'ACTIVE',
  };
}

function manifestDocument({ imageTag }: ImageId, { digest, text, mediaType }: StoredImage) {
  const imageId = { imageDigest: digest, imageTag };
  return { imageId, imageManifest: text, imageManifestMediaType: mediaType };
}

function repositoryOf(registry: Registry, name: string): Repository {
  const repository = registry.find(name);
  if (!repository) throw new ServiceFault('RepositoryNotFoundException', `no repository ${name}`);
  return repository;
}

function imageOf(repository: Repository, id: ImageId): StoredImage {
  const image = findImage(repository, id);
  if (!image) throw new ServiceFault('ImageNotFoundException', `no image ${JSON.stringify(id)}`);
  return image;
}
