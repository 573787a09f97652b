import type { SubjectPorts } from './find-subjects.ts';
import type { Image, Tag } from './image/reference.ts';
import { referencesToLoad } from './policy/tracked.ts';
import type { ReadingPorts } from './respond.ts';
import { together } from './together.ts';

type Reads = Pick<SubjectPorts, 'findScan' | 'loadImage'> &
  Pick<ReadingPorts, 'loadOpenFindings' | 'policyOf'>;

/**
 * Begins with what will be read of an image that was scanned, before it is known which subject it belongs to, and of what its
 * tags stand for, if these are they: three round trips fewer until people hear of it. Returns the ports that have it, and
 * `done`, which whoever uses them waits for.
 */
export function readAhead<P extends Reads>(
  image: Image,
  tags: readonly Tag[],
  ports: P,
): { readonly ports: P; readonly done: Promise<unknown> } {
  const [scan, record] = [ports.findScan(image), ports.loadImage(image)];
  // What has no tag is a part of an index: then it is the index whose tags count.
  const baselines = tags.length > 0 ? loadBaselines(image, tags, ports) : Promise.resolve(new Map());
  const isIt = ({ digest }: Image) => digest === image.digest;
  const reads: Omit<Reads, 'policyOf'> = {
    findScan: (it) => (isIt(it) ? scan : ports.findScan(it)),
    loadImage: (it) => (isIt(it) ? record : ports.loadImage(it)),
    // Once: an index that is answered after its platform has to see what the platform's answer wrote.
    async loadOpenFindings(repository, reference) {
      const early = await baselines;
      const open = early.get(reference);
      early.delete(reference);
      return open ?? ports.loadOpenFindings(repository, reference);
    },
  };
  const loaded = baselines.then((it) => together([...it.values()]));
  return { ports: { ...ports, ...reads }, done: together([scan, record, loaded]) };
}

/** Of each reference the promise of what is open on it. */
async function loadBaselines({ repository }: Image, tags: readonly Tag[], ports: Reads) {
  const references = referencesToLoad(tags, await ports.policyOf(repository));
  return new Map(references.map((it) => [it, ports.loadOpenFindings(repository, it)]));
}
