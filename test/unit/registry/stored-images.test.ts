import { ECRClient } from '@aws-sdk/client-ecr';
import { expect, test } from 'vitest';
import { findLifecyclePolicy } from '../../../lib/registry/lifecycle-policy.ts';
import { listStoredImages } from '../../../lib/registry/stored-images.ts';
import { ServiceFault } from '../../../local/json-protocol.ts';
import { named } from '../../build/stored.ts';
import { type Answers, openAws } from '../../doubles/aws.ts';
import { loopback } from '../../doubles/loopback.ts';

const seconds = (time: string) => Date.parse(time) / 1000;
const PUSHED = { imagePushedAt: seconds('2026-01-01T00:00:00Z'), imageSizeInBytes: 7 };
const name = { name: 'demo-api', account: '111122223333' };

async function ecrThat(answers: Answers) {
  const aws = await openAws(answers);
  return new ECRClient({ ...loopback(aws.url), region: 'eu-west-1', maxAttempts: 1 });
}

test('images by the page, with all that a lifecycle policy looks at', async () => {
  const asked: unknown[] = [];
  const pages = [
    {
      nextToken: 'more',
      imageDetails: [
        {
          ...{ ...PUSHED, registryId: '111122223333', imageDigest: named('A'), imageStatus: 'ARCHIVED' },
          ...{ imageTags: ['v2', 'a b'], lastArchivedAt: seconds('2026-06-01T00:00:00Z') },
          lastRecordedPullTime: seconds('2026-02-01T00:00:00Z'),
        },
      ],
    },
    {
      imageDetails: [
        {
          ...{
            ...PUSHED,
            imageDigest: named('B'),
            imageStatus: 'ACTIVATING',
            subjectManifestDigest: named('A'),
          },
          ...{ artifactMediaType: 'text/sbom+json', lastActivatedAt: seconds('2026-07-01T00:00:00Z') },
        },
      ],
    },
  ];
  const ecr = await ecrThat({
    DescribeImages(input) {
      asked.push(input);
      return pages[asked.length - 1];
    },
  });
  const progress: number[] = [];
  expect(await listStoredImages(ecr, name, (soFar) => progress.push(soFar))).toEqual({
    account: '111122223333',
    images: [
      {
        ...{ digest: named('A'), kind: 'image', tags: ['a b', 'v2'], sizeBytes: 7, storageClass: 'archive' },
        ...{ pushedAt: '2026-01-01T00:00:00.000Z', pulledAt: '2026-02-01T00:00:00.000Z' },
        archivedAt: '2026-06-01T00:00:00.000Z',
      },
      {
        ...{ digest: named('B'), kind: 'artifact', tags: [], sizeBytes: 7, storageClass: 'standard' },
        ...{
          pushedAt: '2026-01-01T00:00:00.000Z',
          restoredAt: '2026-07-01T00:00:00.000Z',
          subject: named('A'),
        },
      },
    ],
  });
  expect(progress).toEqual([1, 2]);
  const page = {
    repositoryName: 'demo-api',
    registryId: '111122223333',
    filter: { imageStatus: 'ANY' },
    maxResults: 1000,
  };
  expect(asked).toEqual([page, { ...page, nextToken: 'more' }]);
});

test('a policy, none, no repository, and an error', async () => {
  const fails = (code: string) => () => {
    throw new ServiceFault(code, 'no');
  };
  const asked = async (answer: () => object) => {
    const ecr = await ecrThat({ GetLifecyclePolicy: answer, DescribeImages: answer });
    return findLifecyclePolicy(ecr, name);
  };
  expect(await asked(() => ({ lifecyclePolicyText: '{"rules":[]}' }))).toEqual({ text: '{"rules":[]}' });
  expect(await asked(fails('LifecyclePolicyNotFoundException'))).toBe('no-policy');
  expect(await asked(fails('RepositoryNotFoundException'))).toBe('no-repository');
  await expect(asked(fails('ValidationException'))).rejects.toMatchObject({ name: 'ValidationException' });
  const gone = await ecrThat({ DescribeImages: fails('RepositoryNotFoundException') });
  expect(await listStoredImages(gone, name)).toBeUndefined();
  const broken = await ecrThat({ DescribeImages: fails('ValidationException') });
  await expect(listStoredImages(broken, name)).rejects.toMatchObject({ name: 'ValidationException' });
});
