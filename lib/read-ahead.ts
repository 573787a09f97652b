import type { SubjectPorts } from './find-subjects.ts';
import type { Image } from './image/reference.ts';
import { together } from './together.ts';

type Reads = Pick<SubjectPorts, 'findScan' | 'loadImage'>;

/**
 * Begins with what will be read of an image that was scanned, before it is known which subject it belongs to: two round trips
 * fewer until people hear of it. Returns the ports that have it, and `done`, which whoever uses them waits for.
 */
export function readAhead<P extends Reads>(
  image: Image,
  ports: P,
): { readonly ports: P; readonly done: Promise<unknown> } {
  const [scan, record] = [ports.findScan(image), ports.loadImage(image)];
  const isIt = ({ digest }: Image) => digest === image.digest;
  const reads: Reads = {
    findScan: (it) => (isIt(it) ? scan : ports.findScan(it)),
    loadImage: (it) => (isIt(it) ? record : ports.loadImage(it)),
  };
  return { ports: { ...ports, ...reads }, done: together([scan, record]) };
}
