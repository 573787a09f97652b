import type { ResponsePorts } from '../../../lib/respond.ts';
import { toCounts } from '../../../lib/scan/severity.ts';

/** A mistake, as ports that make it. */
export type ReadinessPlant = (ports: ResponsePorts) => ResponsePorts;

export const READINESS_PLANTS: readonly { readonly name: string; readonly plant: ReadinessPlant }[] = [
  {
    name: 'zero from an unready scan',
    plant: (ports) => ({
      ...ports,
      async findScan(image) {
        const reading = await ports.findScan(image);
        if (reading.state !== 'pending') return reading;
        return { state: 'scanned', type: 'basic', counts: toCounts({}), findings: [] };
      },
    }),
  },
  {
    name: 'a short list is taken for a whole one',
    plant: (ports) => ({
      ...ports,
      async findScan(image) {
        const reading = await ports.findScan(image);
        if (reading.state !== 'scanned') return reading;
        const { short: _, ...whole } = reading;
        return whole;
      },
    }),
  },
  {
    name: 'nobody waits',
    plant: (ports) => ({ ...ports, patience: { ...ports.patience, readinessSeconds: 0, graceSeconds: 0 } }),
  },
];
