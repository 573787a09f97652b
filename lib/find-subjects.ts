import { NotReady } from './errors.ts';
import type { Digest } from './image/digest.ts';
import type { PlatformImage } from './image/manifest.ts';
import type { ImageRecord, RegisteredImage } from './image/record.ts';
import type { Image } from './image/reference.ts';
import { toInstant } from './instant.ts';
import { type Announced, shortOf } from './scan/announced.ts';
import type { PlatformReading } from './scan/merge.ts';
import type { Reading } from './scan/scan.ts';
import { together } from './together.ts';

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
  /** What the lineage has of it; absent when its push is not recorded yet. */
  readonly record?: ImageRecord;
  readonly readings: readonly PlatformReading[];
}

/**
 * From the image that was scanned to the subjects that people know it by: itself when it has a tag, and every
 * tagged index that lists it. Empty when the image is gone. An image without a tag and without an index becomes
 * its own subject once the grace is over. Throws NotReady while something may still come: also while the list of
 * findings is shorter than `announced`, so that the event can delay an answer but has no other way into it.
 */
export async function findSubjects(
  image: Image,
  waitedSeconds: number,
  ports: SubjectPorts,
  announced?: Announced,
): Promise<readonly SubjectReading[]> {
  const [scanned, parents] = await together([ports.findImage(image), ports.findParents(image)]);
  if (!scanned) return [];
  const indexes = await together(
    parents.map((digest) => ports.findImage({ repository: image.repository, digest })),
  );
  const named = [scanned, ...indexes].filter(
    (it) => it !== undefined && it.tags.length > 0,
  ) as RegisteredImage[];
  if (named.length === 0 && waitedSeconds < ports.patience.graceSeconds) {
    throw notReady('no tag and no index yet', waitedSeconds, ports);
  }
  const subjects = named.length > 0 ? named : [scanned];
  return together(subjects.map((it) => readPlatforms(it, { image, announced }, waitedSeconds, ports)));
}

/** Whether a platform of an index has been scanned: its hint may have come before the index was on record. */
export async function isPartlyScanned(image: Image, ports: SubjectPorts): Promise<boolean> {
  const { repository } = image;
  const { platforms = [] } = (await ports.loadImage(image)) ?? {};
  const readings = await together(platforms.map(({ digest }) => ports.findScan({ repository, digest })));
  return readings.some(({ state }) => state === 'scanned');
}

/** The image that an event named, and what it said of it. */
interface Hinted {
  readonly image: Image;
  readonly announced: Announced | undefined;
}

async function readPlatforms(
  registered: RegisteredImage,
  hinted: Hinted,
  waitedSeconds: number,
  ports: SubjectPorts,
): Promise<SubjectReading> {
  const { repository } = registered.image;
  const record = await ports.loadImage(registered.image);
  const images = platformsOf(registered, record, hinted.image, waitedSeconds, ports);
  const looks = await together(
    images.map(async (image) => {
      const reading = await ports.findScan({ repository, digest: image.digest });
      const isHinted = image.digest === hinted.image.digest;
      return { image, ...judge(reading, isHinted, hinted.announced, ports) };
    }),
  );
  const waiting = looks.find(({ worthSeconds }) => waitedSeconds < worthSeconds);
  if (waiting) throw notReady(`the scan of ${waiting.image.digest} ${waiting.why}`, waitedSeconds, ports);
  const readings = looks.map(({ image, reading }) => ({ image, reading }));
  return { registered, ...(record && { record }), readings };
}

interface Look {
  readonly reading: Reading;
  /** How long to wait for a better one, from the first look on; 0 when there is nothing to wait for. */
  readonly worthSeconds: number;
  readonly why?: string;
}

/** What was announced is waited for as long as what cannot be read; ECR's own list gets the grace to catch up. */
function judge(
  reading: Reading,
  isHinted: boolean,
  announced: Announced | undefined,
  { patience: { graceSeconds, readinessSeconds }, now }: SubjectPorts,
): Look {
  if (reading.state === 'pending') {
    return { reading, worthSeconds: isHinted ? readinessSeconds : graceSeconds, why: 'cannot be read' };
  }
  if (reading.state !== 'scanned') return { reading, worthSeconds: 0 };
  const missing = isHinted ? shortOf(announced, reading, toInstant(now())) : [];
  if (missing.length > 0) {
    const short = [...new Set([...(reading.short ?? []), ...missing])];
    const worthSeconds = readinessSeconds;
    return { reading: { ...reading, short }, worthSeconds, why: 'has fewer findings than announced' };
  }
  return {
    reading,
    worthSeconds: reading.short ? graceSeconds : 0,
    why: 'lists fewer findings than it counts',
  };
}

/** The platforms come from the lineage: asking ECR for a manifest counts as a pull of the image. */
function platformsOf(
  { kind, image }: RegisteredImage,
  record: ImageRecord | undefined,
  hinted: Image,
  waitedSeconds: number,
  ports: SubjectPorts,
): readonly (Pick<PlatformImage, 'digest'> & Partial<PlatformImage>)[] {
  if (kind !== 'index') return [{ digest: image.digest }];
  if (record && record.platforms.length > 0) return record.platforms;
  if (waitedSeconds < ports.patience.graceSeconds)
    throw notReady('the index is not recorded', waitedSeconds, ports);
  return [{ digest: hinted.digest }];
}

/** Waits as long again as it has waited, between the first pause and five minutes. */
function notReady(why: string, waitedSeconds: number, { patience }: SubjectPorts): NotReady {
  return new NotReady(why, Math.min(300, Math.max(patience.retrySeconds, Math.round(waitedSeconds))));
}
