import { isDeepStrictEqual } from 'node:util';
import { NotReady } from './errors.ts';
import type { Digest } from './image/digest.ts';
import type { ImageDocuments } from './image/documents.ts';
import type { DocumentsReading, Unread } from './image/documents-reading.ts';
import { basesOf, type Evidence, evidenceIn, mergeEvidence } from './image/evidence.ts';
import type { ImageRecord } from './image/record.ts';
import type { Image } from './image/reference.ts';
import type { DocumentsHint, ImageAction } from './intake/event.ts';
import { together } from './together.ts';

/** What reading the documents of images needs from outside. */
export interface EnrichPorts {
  /** Whether blobs are read: what refers to an image says it in one. */
  readonly readsBlobs: boolean;
  /** So long after an image what was pushed after it is looked for; 0: only when an event tells of it. */
  readonly againSeconds: number;
  readonly loadImage: (image: Image) => Promise<ImageRecord | undefined>;
  readonly readDocuments: (image: Image) => Promise<DocumentsReading>;
  /** The commits of an image, whichever repository it is in. */
  readonly findCommits: (digest: Digest) => Promise<readonly string[]>;
  /** Keeps all the evidence of an image, and why some of it could not be read; false when somebody was faster. */
  readonly saveEvidence: (
    known: ImageRecord,
    evidence: readonly Evidence[],
    unread?: string,
  ) => Promise<boolean>;
  /** What a manifest says it is about. */
  readonly findSubject: (image: Image) => Promise<Digest | undefined>;
  readonly findParents: (image: Image) => Promise<readonly Digest[]>;
  readonly hintDocuments: (hint: Omit<DocumentsHint, 'kind'>, delaySeconds?: number) => Promise<void>;
}

/** The push of an image is recorded just after the hint about it is sent. */
const RECORDED_WITHIN_SECONDS = 60;
const UNRECORDED_RETRY_SECONDS = 2;

/**
 * What may pass is waited for so long, in growing pauses; the last begins within it. Whoever pushes can make a reading
 * fail again and again, and a message of ten minutes rings an alarm.
 */
const PATIENCE_SECONDS = 240;
const PATIENCE_AGAIN_SECONDS = 60;
const FIRST_PAUSE_SECONDS = 10;

/** What became of a hint, for the log. */
export interface Enriched {
  readonly action: 'read';
  readonly repository: string;
  readonly digest: Digest;
  readonly outcome: 'not-recorded' | 'gone' | 'not-read' | 'read';
  /** Tiers of what is believed and of what is not, the strongest first. */
  readonly evidence?: readonly string[];
  readonly unread?: readonly string[];
}

/**
 * Reads what the registry has about an image's origin and keeps what names a commit: never less than was known.
 * What cannot be read is written down with the reason. Safe to run again. Throws NotReady while trying again may help.
 */
export async function enrich(
  hint: DocumentsHint,
  waitedSeconds: number,
  ports: EnrichPorts,
): Promise<Enriched> {
  const { repository, digest } = hint.image;
  const about = { action: 'read', repository: repository.name, digest } as const;
  const known = await ports.loadImage(hint.image);
  if (!known) {
    if (waitedSeconds < RECORDED_WITHIN_SECONDS)
      throw new NotReady('the image is not recorded yet', UNRECORDED_RETRY_SECONDS);
    return { ...about, outcome: 'not-recorded' };
  }
  const reading = await ports.readDocuments(hint.image);
  if (reading.state === 'gone') return { ...about, outcome: 'gone' };
  const evidence = mergeEvidence(known.evidence, await found(reading, ports));
  await keep(known, evidence, reading.unread, ports);
  await readAgain(hint, reading, waitedSeconds, ports);
  return {
    ...about,
    outcome: reading.state === 'read' ? 'read' : 'not-read',
    evidence: evidence.map(({ tier, doubt }) => (doubt ? `${tier} (${doubt})` : tier)),
    ...(reading.unread.length > 0 && { unread: reading.unread.map(({ why }) => why) }),
  };
}

/**
 * What the documents of an image say that was just pushed; undefined when not all of them can be read at once: then
 * somebody has to read them with more patience. Never throws.
 */
export async function readAtOnce(
  image: Image,
  ports: Pick<EnrichPorts, 'readDocuments' | 'findCommits'>,
): Promise<readonly Evidence[] | undefined> {
  try {
    const reading = await ports.readDocuments(image);
    if (reading.state !== 'read' || reading.unread.length > 0) return undefined;
    return await found(reading, ports);
  } catch {
    // The push is recorded all the same; who reads again says what is wrong.
    return undefined;
  }
}

/**
 * When something is pushed that says it is about an image, or one of its platforms, the image's documents are read
 * again. Returns the images.
 */
export async function enrichSubjects(event: ImageAction, ports: EnrichPorts): Promise<readonly Digest[]> {
  const { action, repository, digest, tag, imageKind, eventId, at } = event;
  const isReferrer = action === 'push' && imageKind === 'artifact' && !tag;
  if (!isReferrer || !digest || !ports.readsBlobs) return [];
  const subject = await ports.findSubject({ repository, digest });
  if (!subject) return [];
  const isKnown = await ports.loadImage({ repository, digest: subject });
  // What is not recorded yet is read once it is, with whatever refers to it by then.
  const images = isKnown ? [subject] : await ports.findParents({ repository, digest: subject });
  const hints = images.map((of) => ({
    image: { repository, digest: of },
    eventId,
    at,
    isAgain: true as const,
  }));
  await together(hints.map((hint) => ports.hintDocuments(hint)));
  return images;
}

async function found(
  reading: Exclude<DocumentsReading, { state: 'gone' }>,
  ports: Pick<EnrichPorts, 'findCommits'>,
): Promise<readonly Evidence[]> {
  if (reading.state === 'unread') return [];
  return evidenceIn(reading.documents, { baseCommits: await commitsOfBases(reading.documents, ports) });
}

/** An image with the labels of its base says the base's commit. */
async function commitsOfBases(
  documents: ImageDocuments,
  ports: Pick<EnrichPorts, 'findCommits'>,
): Promise<ReadonlyMap<Digest, readonly string[]>> {
  const bases = basesOf(documents).filter((digest) => digest !== documents.manifest.digest);
  return new Map(
    await together(bases.map(async (digest) => [digest, await ports.findCommits(digest)] as const)),
  );
}

/** One write, and none when nothing is new. */
async function keep(
  known: ImageRecord,
  evidence: readonly Evidence[],
  unread: readonly Unread[],
  ports: EnrichPorts,
): Promise<void> {
  const why = unread[0]?.why;
  if (why === known.unread && isDeepStrictEqual(evidence, known.evidence)) return;
  if (!(await ports.saveEvidence(known, evidence, why)))
    throw new NotReady('somebody else added evidence at the same time', 1);
}

async function readAgain(
  { image, eventId, at, isAgain }: DocumentsHint,
  reading: Exclude<DocumentsReading, { state: 'gone' }>,
  waitedSeconds: number,
  ports: EnrichPorts,
): Promise<void> {
  const passing = reading.unread.find(({ mayPass }) => mayPass);
  const patienceSeconds = isAgain ? PATIENCE_AGAIN_SECONDS : PATIENCE_SECONDS;
  if (passing && waitedSeconds < patienceSeconds)
    throw new NotReady(passing.why, Math.max(FIRST_PAUSE_SECONDS, Math.round(waitedSeconds)));
  if (isAgain || !ports.readsBlobs || ports.againSeconds === 0) return;
  await ports.hintDocuments({ image, eventId, at, isAgain: true }, ports.againSeconds);
}
