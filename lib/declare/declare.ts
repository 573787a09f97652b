import { type Evidence, mergeEvidence } from '../image/evidence.ts';
import { type Provenance, provenanceOf } from '../image/provenance.ts';
import type { ImageRecord, RegisteredImage } from '../image/record.ts';
import type { Image } from '../image/reference.ts';
import { saysTheSame } from './declaration.ts';

/** What a declaration needs from outside. */
export interface DeclarePorts {
  readonly loadImage: (image: Image) => Promise<ImageRecord | undefined>;
  readonly findImage: (image: Image) => Promise<RegisteredImage | undefined>;
  /** What is kept of an image, whether its push is on record yet or not. */
  readonly loadEvidence: (image: Image) => Promise<readonly Evidence[]>;
  /** False when the evidence is not what it was in `known`. */
  readonly saveEvidence: (
    known: ImageRecord,
    evidence: readonly Evidence[],
    unread?: string,
  ) => Promise<boolean>;
}

/** What became of a declaration. */
export interface Declared {
  readonly outcome: 'declared' | 'known' | 'full' | 'no-such-image';
  readonly evidence: Evidence;
  /** All that is known of the image, with it. */
  readonly provenance?: Provenance;
}

/** Others write evidence too, few at a time. */
const MOST_TRIES = 5;

/**
 * Writes down what somebody says of an image that is in the registry or on record. Said again by the same one it
 * changes nothing. Throws when others keep writing.
 */
export async function declare(image: Image, evidence: Evidence, ports: DeclarePorts): Promise<Declared> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const known = await findKnown(image, ports);
    if (!known) return { outcome: 'no-such-image', evidence };
    if (known.evidence.some((it) => saysTheSame(it, evidence))) return told('known', evidence, known);
    const merged = mergeEvidence(known.evidence, [evidence]);
    if (!merged.some((it) => saysTheSame(it, evidence))) return told('full', evidence, known);
    if (await ports.saveEvidence(known, merged, known.unread))
      return told('declared', evidence, { ...known, evidence: merged });
  }
  throw new Error('others keep writing what is known of this image: try again');
}

function told(outcome: Declared['outcome'], evidence: Evidence, known: ImageRecord): Declared {
  const provenance = provenanceOf(known.tags, known.evidence);
  return { outcome, evidence, ...(provenance && { provenance }) };
}

/** CI declares as soon as it has pushed, which may be before the push is on record. */
async function findKnown(image: Image, ports: DeclarePorts): Promise<ImageRecord | undefined> {
  const record = await ports.loadImage(image);
  if (record) return record;
  const registered = await ports.findImage(image);
  if (!registered) return undefined;
  const { kind, pushedAt, tags } = registered;
  const evidence = await ports.loadEvidence(image);
  return { image, kind, pushedAt, tags, evidence, platforms: [], attestations: [], marks: [] };
}
