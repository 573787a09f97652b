import { type Cause, DIRECTIONS } from './cause.ts';

/** The image itself, and where it goes. */
export const IMAGE_CAUSES: readonly Cause[] = [
  {
    id: 'tag-missing',
    directions: ['pull'],
    title: 'The tag or the digest is not there',
    symptoms: [
      'manifest unknown: Requested image not found',
      'manifest for … not found: manifest unknown',
      'failed to resolve reference "…": … not found',
      'failed to resolve ref …: not found',
      'ImageNotFoundException',
    ],
    because:
      'It was never pushed, it was deleted, or a lifecycle policy let it expire. `latest` is a tag like any other: nobody moves it but a push.',
    check:
      'Asks ECR for the tag or the digest; when it is not there, for tags like it, and the lineage when it went, who did that and what it was.',
    asks: ['ecr:DescribeImages'],
    fix: 'docker tag IMAGE ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPO:TAG && docker push ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPO:TAG',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-pull-ecr-image.html',
  },
  {
    id: 'tag-taken',
    directions: ['push'],
    title: 'The tag is taken and cannot be moved',
    symptoms: [
      "tag invalid: The image tag '…' already exists in the '…' repository and cannot be overwritten because the repository is immutable",
      'cannot be overwritten because the tag is immutable',
      'ImageTagAlreadyExistsException',
    ],
    because: 'The repository’s tags are immutable, or all but some of them, and this one was pushed before.',
    check:
      'Holds the tag against the repository’s setting and its exclusions, and asks ECR whether it is there.',
    asks: ['ecr:DescribeRepositories', 'ecr:DescribeImages'],
    fix: 'docker push ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPO:$(git rev-parse HEAD)',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html',
  },
  {
    id: 'archived',
    directions: ['pull'],
    title: 'The image is archived',
    symptoms: ['manifest unknown: Requested image not found', 'failed to resolve ref …: not found'],
    because:
      'A lifecycle policy or somebody moved it to archival storage: it is listed and cannot be pulled (404) until it is restored or pushed again.',
    check: 'Reads the image’s status from ECR.',
    asks: ['ecr:DescribeImages'],
    fix: 'aws ecr update-image-storage-class --repository-name REPO --image-id imageTag=TAG --target-storage-class STANDARD --region REGION',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html',
  },
  {
    id: 'platform',
    directions: ['pull'],
    title: 'The image is for another platform',
    symptoms: [
      'no matching manifest for … in the manifest list entries',
      "image Manifest does not contain descriptor matching platform '…'",
      'exec format error',
    ],
    because: 'The image was built for one architecture and is pulled, or started, on another.',
    check: 'With --layers and --platform: reads what the image index lists.',
    asks: ['ecr:BatchGetImage'],
    fix: 'docker buildx build --platform linux/amd64,linux/arm64 --push --tag ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPO:TAG .',
    source: 'https://docs.docker.com/build/building/multi-platform/',
  },
  {
    id: 'layers',
    directions: ['pull'],
    title: 'The image is damaged: a layer or a platform is not there',
    symptoms: [
      'LayerInaccessibleException',
      'image config verification failed for digest',
      'filesystem layer verification failed for digest',
      'failed to register layer: …: unexpected EOF',
    ],
    because:
      'The manifest names layers, or an index names images, that the repository does not have any more.',
    check:
      'With --layers only: reads the manifest (ECR counts that as a pull, which keeps an image from being archived) and asks for each of its layers, or for each image that an index lists.',
    asks: ['ecr:BatchGetImage', 'ecr:BatchCheckLayerAvailability', 'ecr:DescribeImages'],
    fix: 'aws ecr batch-delete-image --repository-name REPO --image-ids imageTag=TAG --region REGION, then build and push again',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchCheckLayerAvailability.html',
  },
  {
    id: 'disk',
    directions: ['pull'],
    title: 'The disk is full where the image should go',
    symptoms: ['no space left on device', 'write …: no space left on device'],
    because:
      'An image takes two to three times its size in the registry once it is unpacked, and docker keeps the old ones.',
    check:
      'Holds what is free where docker keeps images on this machine against the size of the image. Left out with --role and --vpc.',
    asks: ['ecr:DescribeImages'],
    fix: 'docker system df && docker image prune --all --filter until=168h',
    source: 'https://docs.docker.com/reference/cli/docker/image/prune/',
  },
  {
    id: 'interrupted',
    directions: DIRECTIONS,
    title: 'The connection broke in the middle',
    symptoms: [
      'unexpected EOF',
      'connection reset by peer',
      'broken pipe',
      'use of closed network connection',
    ],
    because:
      'A proxy or the network ended a long upload or download. What had arrived stays: the next try goes on from there.',
    asks: [],
    fix: 'docker push ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPO:TAG, again; or {"max-concurrent-uploads": 1} in /etc/docker/daemon.json',
    source: 'https://docs.docker.com/reference/cli/dockerd/',
  },
];
