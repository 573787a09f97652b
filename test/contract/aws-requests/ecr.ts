import { type Asked, json } from './asked.ts';

/** Repositories, images and what was found in them. */
export const ecr: readonly Asked[] = [
  {
    ...{ client: 'ecr', command: 'DescribeImagesCommand', what: 'details' },
    input: {
      repositoryName: 'a/b',
      imageIds: [{ imageDigest: 'sha256:1', imageTag: 'x' }],
      filter: { tagStatus: 'ANY' },
    },
    answer: json({
      imageDetails: [
        {
          ...{ imageTags: ['x'], imagePushedAt: 1_700_000_000.123, imageSizeInBytes: 12 },
          imageScanFindingsSummary: {
            findingSeverityCounts: { CRITICAL: 1 },
            imageScanCompletedAt: 1_700_000_001,
          },
        },
      ],
      nextToken: 'more',
    }),
  },
  {
    ...{ client: 'ecr', command: 'DescribeImagesCommand', what: 'no such repository' },
    input: { repositoryName: 'a/b' },
    answer: json({ __type: 'RepositoryNotFoundException', message: 'it is not there' }, 400),
  },
  {
    ...{ client: 'ecr', command: 'DescribeImageScanFindingsCommand', what: 'basic and enhanced findings' },
    input: { repositoryName: 'a/b', imageId: { imageDigest: 'sha256:1' }, maxResults: 1000 },
    answer: json({
      imageScanStatus: { status: 'COMPLETE' },
      imageScanFindings: {
        findings: [{ name: 'CVE-1', severity: 'LOW', attributes: [{ key: 'package_name', value: 'zlib' }] }],
        enhancedFindings: [
          {
            ...{ score: 9.8, firstObservedAt: 1_700_000_000, resources: [{ tags: { a: 'b' } }] },
            packageVulnerabilityDetails: {
              cvss: [{ baseScore: 9.8 }],
              vulnerablePackages: [{ epoch: 0, name: 'a' }],
            },
          },
        ],
      },
    }),
  },
  {
    ...{ client: 'ecr', command: 'BatchGetImageCommand', what: 'a manifest' },
    input: { repositoryName: 'a/b', imageIds: [{ imageTag: 'x' }], acceptedMediaTypes: ['a/b'] },
    answer: json({ images: [{ imageManifest: '{}' }], failures: [{ failureCode: 'ImageNotFound' }] }),
  },
  {
    ...{ client: 'ecr', command: 'DescribeRepositoriesCommand', what: 'a page' },
    input: { registryId: '111122223333', maxResults: 1000, nextToken: 'more' },
    answer: json({
      repositories: [
        {
          ...{
            repositoryName: 'a/b',
            createdAt: 1_700_000_000,
            imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
          },
          imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest*' }],
          imageScanningConfiguration: { scanOnPush: true },
        },
      ],
    }),
  },
  {
    ...{ client: 'ecr', command: 'GetLifecyclePolicyCommand', what: 'a policy' },
    input: { registryId: '111122223333', repositoryName: 'a/b' },
    answer: json({ lifecyclePolicyText: '{"rules":[]}', lastEvaluatedAt: 1_700_000_000 }),
  },
  {
    ...{ client: 'ecr', command: 'GetRepositoryPolicyCommand', what: 'none' },
    input: { registryId: '111122223333', repositoryName: 'a/b' },
    answer: json({ __type: 'RepositoryPolicyNotFoundException', message: 'none' }, 400),
  },
  {
    ...{ client: 'ecr', command: 'GetDownloadUrlForLayerCommand', what: 'an address' },
    input: { registryId: '111122223333', repositoryName: 'a/b', layerDigest: 'sha256:1' },
    answer: json({ downloadUrl: 'https://example.com/a?b=c', layerDigest: 'sha256:1' }),
  },
  {
    ...{ client: 'ecr', command: 'ListImageReferrersCommand', what: 'a referrer' },
    input: { repositoryName: 'a/b', subjectId: { imageDigest: 'sha256:1' }, maxResults: 50 },
    answer: json({
      referrers: [
        { digest: 'sha256:2', mediaType: 'a/b', artifactType: 'c/d', size: 7, annotations: { e: 'f' } },
      ],
    }),
  },
];
