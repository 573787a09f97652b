import type { Digest } from '../image/digest.ts';
import { mergeEvidence } from '../image/evidence.ts';
import { type Provenance, provenanceOf } from '../image/provenance.ts';
import type { ImageRecord } from '../image/record.ts';
import type { Image, Repository, Tag } from '../image/reference.ts';
import type { IndexedFinding } from '../scan/indexed-image.ts';
import { together } from '../together.ts';
import type { LookupPorts } from './ports.ts';
import type { Sighting } from './sighting.ts';

/** An image in which a finding was found. */
export interface AffectedImage extends Pick<Sighting, 'pushedAt'>, Omit<IndexedFinding, 'id'> {
  readonly repository: Repository;
  readonly digest: Digest;
  /** Those that point to it now, and all that ever did; its own, or those of an index that lists it. */
  readonly tagsNow: readonly Tag[];
  readonly tagsEver: readonly Tag[];
  readonly provenance?: Provenance;
}

/** Adds what people call the image; without a name of its own, what they call the index that it is a platform of. */
export async function describeAffected(
  { image, pushedAt, id: _, ...found }: Sighting,
  ports: LookupPorts,
): Promise<AffectedImage> {
  const named = await namesOf(image, ports);
  const tagsEver = [...new Set(named.flatMap(({ tags }) => tags))];
  const tagsNow = await together(named.map((it) => pointingTo(it, ports)));
  const provenance = commitOfAll(named);
  return {
    ...image,
    pushedAt,
    ...found,
    tagsNow: [...new Set(tagsNow.flat())],
    tagsEver,
    ...(provenance && { provenance }),
  };
}

/** By all that is on record, as `who` says it, of every index that lists the image; what others built has no commit of ours. */
function commitOfAll(named: readonly ImageRecord[]): Provenance | undefined {
  const ours = named.filter(({ isUpstream }) => !isUpstream);
  const tags = [...new Set(ours.flatMap((it) => it.tags))];
  return provenanceOf(
    tags,
    ours.reduce<ImageRecord['evidence']>((all, it) => mergeEvidence(all, it.evidence), []),
  );
}

async function namesOf(image: Image, ports: LookupPorts): Promise<readonly ImageRecord[]> {
  const own = await ports.loadImage(image);
  if (own && own.tags.length > 0) return [own];
  const parents = await ports.findParents(image);
  const { repository } = image;
  const records = await together(parents.map((digest) => ports.loadImage({ repository, digest })));
  return records.filter((it) => it !== undefined);
}

async function pointingTo({ image, tags }: ImageRecord, ports: LookupPorts): Promise<readonly Tag[]> {
  const { repository, digest } = image;
  const heads = await together(tags.map((tag) => ports.loadHead({ repository, tag })));
  return tags.filter((_, index) => heads[index] === digest);
}
