import type { Image } from '../image/reference.ts';
import { NEVER_SCANNED } from '../intake/own-source.ts';
import type { Reading } from '../scan/scan.ts';

/**
 * The ports of an answer about an image that should have been scanned long ago: what has not even begun is not
 * waited for any more, and has a status of its own.
 */
export function overduePorts<Ports extends { readonly findScan: (image: Image) => Promise<Reading> }>(
  ports: Ports,
): Ports {
  return {
    ...ports,
    findScan: async (image) => {
      const reading = await ports.findScan(image);
      const isMissing = reading.state === 'pending' && reading.status === 'NOT_FOUND';
      return isMissing ? { state: 'unscannable', status: NEVER_SCANNED } : reading;
    },
  };
}
