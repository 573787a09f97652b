import { NotReady } from './errors.ts';
import type { Digest } from './image/digest.ts';
import type { PlatformImage } from './image/manifest.ts';
import type { ImageRecord, RegisteredImage } from './image/record.ts';
import type { Image } from './image/reference.ts';
import type { PlatformReading } from './scan/merge.ts';
import type { Reading } from './scan/scan.ts';

/** What reading a subject needs from outside. */
export interface SubjectPorts {
  readonly now: () => Date;
  readonly patience: Patience;
  readonly findImage: (image: Image) => Promise<RegisteredImage | undefined>;
  readonly findScan: (image: Image) => Promise<Reading>;
  readonly findParents: (image: Image) => Promise<readonly Digest[]>;
  readonly loadImage: (image: Image) => Promise<ImageRecord | undefined>;
}

/** How long to wait for what is not there yet. */
export interface Patience {
  /** For the index that an untagged image may belong to, and for the scans of the other platforms. */
  readonly graceSeconds: number;
  /** For findings that cannot be read yet. */
  readonly readinessSeconds: number;
  /** The first pause between two looks; later ones grow with the time waited. */
  readonly retrySeconds: number;
}

/** Something that people push and name, with the scan of each of its platforms. */
export interface SubjectReading {
  readonly registered: RegisteredImage;
  readonly readings: readonly PlatformReading[];
}

/**
 * From the image that was scanned to the subjects that people know it by: itself when it has a tag, and every
 * tagged index that lists it. Empty when the image is gone. An image without a tag and without an index becomes
 * its own subject once the grace is over. Throws NotReady while something may still come.
 */
export async function findSubjects(
  image: Image,
  waitedSeconds: number,
  ports: SubjectPorts,
): Promise<readonly SubjectReading[]> {
  const [scanned, parents] = await Promise.all([ports.findImage(image), ports.findParents(image)]);
  if (!scanned) return [];
  const indexes = await Promise.all(
    parents.map((digest) => ports.findImage({ repository: image.repository, digest })),
  );
  const named = [scanned, ...indexes].filter(
    (it) => it !== undefined && it.tags.length > 0,
  ) as RegisteredImage[];
  if (named.length === 0 && waitedSeconds < ports.patience.graceSeconds) {
    throw notReady('no tag and no index yet', waitedSeconds, ports);
  }
  const subjects = named.length > 0 ? named : [scanned];
  return Promise.all(subjects.map((it) => readPlatforms(it, image, waitedSeconds, ports)));
}

async function readPlatforms(
  registered: RegisteredImage,
  hinted: Image,
  waitedSeconds: number,
  ports: SubjectPorts,
): Promise<SubjectReading> {
  const { repository } = registered.image;
  const images = await platformsOf(registered, hinted, waitedSeconds, ports);
  const readings = await Promise.all(
    images.map(async (it) => ({
      image: it,
      reading: await ports.findScan({ repository, digest: it.digest }),
    })),
  );
  const waiting = readings.find(({ image, reading }) => {
    if (reading.state !== 'pending') return false;
    const { readinessSeconds, graceSeconds } = ports.patience;
    return waitedSeconds < (image.digest === hinted.digest ? readinessSeconds : graceSeconds);
  });
  if (waiting) throw notReady(`the scan of ${waiting.image.digest} cannot be read`, waitedSeconds, ports);
  return { registered, readings };
}

/** The platforms come from the lineage: asking ECR for a manifest counts as a pull of the image. */
async function platformsOf(
  { kind, image }: RegisteredImage,
  hinted: Image,
  waitedSeconds: number,
  ports: SubjectPorts,
): Promise<readonly (Pick<PlatformImage, 'digest'> & Partial<PlatformImage>)[]> {
  if (kind !== 'index') return [{ digest: image.digest }];
  const record = await ports.loadImage(image);
  if (record && record.platforms.length > 0) return record.platforms;
  if (waitedSeconds < ports.patience.graceSeconds)
    throw notReady('the index is not recorded', waitedSeconds, ports);
  return [{ digest: hinted.digest }];
}

/** Waits as long again as it has waited, between the first pause and five minutes. */
function notReady(why: string, waitedSeconds: number, { patience }: SubjectPorts): NotReady {
  return new NotReady(why, Math.min(300, Math.max(patience.retrySeconds, Math.round(waitedSeconds))));
}
