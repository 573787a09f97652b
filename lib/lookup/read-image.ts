import type { Digest } from '../image/digest.ts';
import type { ImageRecord } from '../image/record.ts';
import type { Image } from '../image/reference.ts';
import type { Verification } from '../image/verification.ts';
import type { ScanFact } from '../scan/scan.ts';
import { together } from '../together.ts';
import type { Running } from '../workload/running.ts';
import type { LookupPorts } from './ports.ts';
import type { Place } from './repository.ts';
import { pulledBeside, runningElsewhere, runningOn } from './running.ts';
import type { Use } from './use.ts';

/** What is on record of an image and of the one before it, beside the events of its tags. */
export interface ImageRead {
  readonly record: ImageRecord | undefined;
  readonly previous: ImageRecord | undefined;
  readonly verification: Verification | undefined;
  /** Absent when none is on record, or it was not asked for. */
  readonly scan?: ScanFact;
  /** Absent when it was not asked for. */
  readonly running?: readonly Use[];
}

interface Around {
  readonly place: Place;
  readonly before?: Digest | undefined;
}

/** Reads what names an image's commit, and that of the one before it, in one request. */
export async function readImage(image: Image, around: Around, ports: LookupPorts): Promise<ImageRead> {
  const { records, verification } = await loadRecords(image, around, { beside: [], own: [] }, ports);
  return { ...namedIn(records, image, around), verification };
}

/**
 * The same with the scan and with what runs, all at once: a person waits for each request that waits for another one.
 * `running` is what runs with an image of a repository of this name.
 */
export async function readWhole(
  image: Image,
  around: Around,
  running: readonly Running[],
  ports: LookupPorts,
): Promise<ImageRead> {
  const own = running.filter(({ digest }) => digest === image.digest);
  const beside = pulledBeside(running, image.digest);
  const [{ records, runs, verification }, scan, elsewhere] = await together([
    loadRecords(image, around, { beside, own }, ports),
    ports.loadLatestScan(image),
    runningElsewhere(image, ports),
  ]);
  const here = await runningOn(image, { running, records, runs }, ports);
  return {
    ...{ ...namedIn(records, image, around), verification, running: [...here, ...elsewhere] },
    ...(scan && { scan }),
  };
}

async function loadRecords(
  { repository, digest }: Image,
  { place, before }: Around,
  { beside, own }: { readonly beside: readonly Digest[]; readonly own: readonly Running[] },
  ports: LookupPorts,
) {
  const digests = [digest, ...(before ? [before] : []), ...beside];
  const together = await ports.loadTogether(
    digests.map((it) => ({ repository, digest: it })),
    { running: own, ...(place.isUnread && { repository }) },
  );
  return {
    records: new Map(digests.map((it, nth) => [it, together.records[nth]] as const)),
    runs: new Map(own.map((it, nth) => [it, together.runs[nth]] as const)),
    verification: together.verification ?? place.verification,
  };
}

function namedIn(
  records: ReadonlyMap<Digest, ImageRecord | undefined>,
  { digest }: Image,
  { before }: Around,
) {
  return { record: records.get(digest), previous: before && records.get(before) };
}
