import * as aws from '@aws-sdk/client-ecr';
import { imageManifest, indexManifest, putImage } from '../images.ts';
import { cameInto, ruleOf } from './events.ts';
import { type Gap, orError, type Scene } from './gap.ts';
import { stackOf } from './stacks.ts';

const IMAGE = imageManifest('gap');
const OTHER = imageManifest('other');
const repositoryName = 'of/stack';

async function described({ ecr }: Scene, imageDigest: string): Promise<aws.ImageDetail | undefined> {
  const command = new aws.DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] });
  return (await ecr.send(command)).imageDetails?.[0];
}

export const REGISTRY_GAPS: readonly Gap[] = [
  [
    'ImageScanningConfiguration of a stack’s repository',
    'lost',
    { scanOnPush: true },
    async (at) => {
      const scan = { ImageScanningConfiguration: { ScanOnPush: true } };
      await stackOf(at, 'AWS::ECR::Repository', { RepositoryName: repositoryName, ...scan });
      const command = new aws.DescribeRepositoriesCommand({ repositoryNames: [repositoryName] });
      return (await at.ecr.send(command)).repositories?.[0]?.imageScanningConfiguration;
    },
  ],
  [
    'ImageTagMutabilityExclusionFilters of a stack’s repository',
    'not looked at',
    undefined,
    async (at) => {
      await stackOf(at, 'AWS::ECR::Repository', {
        RepositoryName: 'of/exclusions',
        ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        ImageTagMutabilityExclusionFilters: [
          { ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: '*' },
        ],
      });
      const command = new aws.DescribeRepositoriesCommand({ repositoryNames: ['of/exclusions'] });
      return (await at.ecr.send(command)).repositories?.[0]?.imageTagMutabilityExclusionFilters;
    },
  ],
  [
    'PutImage into it before the first push',
    'InternalError',
    'put',
    ({ ecr }) => orError(putImage(ecr, repositoryName, IMAGE, ['v1']).then(() => 'put')),
  ],
  [
    'artifactMediaType of an image',
    'not looked at',
    IMAGE.mediaType,
    async (at) => (await described(at, IMAGE.digest))?.artifactMediaType,
  ],
  [
    'imageSizeInBytes',
    'that of the manifest',
    IMAGE.text.length,
    async (at) => (await described(at, IMAGE.digest))?.imageSizeInBytes,
  ],
  [
    'DescribeImages of an image that is gone',
    'not looked at',
    undefined,
    (at) => described(at, OTHER.digest),
  ],
  [
    'the media type in a manifest, when none is given beside it',
    'ignored',
    'application/vnd.docker.distribution.manifest.v2+json',
    async ({ ecr }) => {
      const index = indexManifest({ 'linux/amd64': IMAGE });
      const put = new aws.PutImageCommand({ repositoryName, imageManifest: index.text });
      return (await ecr.send(put)).image?.imageManifestMediaType;
    },
  ],
  [
    'the host of a layer’s URL',
    'AWS’s',
    `https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/of/stack/blobs/${IMAGE.digest}`,
    async ({ ecr }) => {
      const layer = { repositoryName, layerDigest: IMAGE.digest };
      return (await ecr.send(new aws.GetDownloadUrlForLayerCommand(layer))).downloadUrl;
    },
  ],
  ...[aws.StartImageScanCommand, aws.DescribeImageScanFindingsCommand].map(
    (Command): Gap => [
      Command.name,
      'InvalidAction',
      'InvalidAction',
      ({ ecr }) => orError(ecr.send(new Command({ repositoryName, imageId: { imageDigest: IMAGE.digest } }))),
    ],
  ),
  [
    'events of a push',
    'none',
    [],
    async (at) => {
      const mailbox = await ruleOf(at, 'aws.ecr');
      await putImage(at.ecr, repositoryName, OTHER, ['v2']);
      return cameInto(mailbox);
    },
  ],
];
