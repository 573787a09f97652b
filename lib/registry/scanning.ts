import { type ECRClient, GetRegistryScanningConfigurationCommand } from '@aws-sdk/client-ecr';
import type { ScanningFacts } from '../doctor/facts.ts';
import { type Reading, reading } from '../doctor/reading.ts';

/** How the registry of this account and region scans. */
export function readScanning(ecr: ECRClient): Promise<Reading<ScanningFacts>> {
  return reading('ecr:GetRegistryScanningConfiguration', async () => {
    const { scanningConfiguration } = await ecr.send(new GetRegistryScanningConfigurationCommand({}));
    return {
      type: scanningConfiguration?.scanType ?? 'BASIC',
      rules: (scanningConfiguration?.rules ?? []).map(({ scanFrequency = '', repositoryFilters = [] }) => ({
        frequency: scanFrequency,
        filters: repositoryFilters.map(({ filter = '' }) => filter),
      })),
    };
  });
}
