import { ECRClient } from '@aws-sdk/client-ecr';
import { expect, test } from 'vitest';
import { readScanning } from '../../../lib/registry/scanning.ts';
import { type Answers, openAws } from '../../doubles/aws.ts';
import { loopback } from '../../doubles/loopback.ts';

async function read(answers: Answers) {
  const { url: endpoint } = await openAws(answers);
  return readScanning(new ECRClient(loopback(endpoint)));
}

test('how the registry scans', async () => {
  const scanningConfiguration = {
    scanType: 'ENHANCED',
    rules: [
      {
        scanFrequency: 'CONTINUOUS_SCAN',
        repositoryFilters: [
          { filter: 'prod-*', filterType: 'WILDCARD' },
          { filter: 'shop', filterType: 'WILDCARD' },
        ],
      },
      { scanFrequency: 'SCAN_ON_PUSH' },
    ],
  };
  const answer = () => ({ registryId: '111122223333', scanningConfiguration });
  expect(await read({ GetRegistryScanningConfiguration: answer })).toEqual({
    state: 'found',
    value: {
      type: 'ENHANCED',
      rules: [
        { frequency: 'CONTINUOUS_SCAN', filters: ['prod-*', 'shop'] },
        { frequency: 'SCAN_ON_PUSH', filters: [] },
      ],
    },
  });
});

test('a registry that nobody configured is basic without rules', async () => {
  const answer = () => ({ registryId: '111122223333' });
  expect(await read({ GetRegistryScanningConfiguration: answer })).toEqual({
    state: 'found',
    value: { type: 'BASIC', rules: [] },
  });
});

test('a registry that may not be asked', async () => {
  expect(await read({})).toEqual({ state: 'denied', action: 'any:GetRegistryScanningConfiguration' });
});
