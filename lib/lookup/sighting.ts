import type { Image, Repository } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import type { IndexedFinding, IndexedImage } from '../scan/indexed-image.ts';
import type { LookupPorts } from './ports.ts';

/** An image whose scans list a finding, or did. */
export interface Sighting extends IndexedFinding {
  readonly image: Image;
  readonly pushedAt: Instant;
}

interface Sightings {
  readonly sightings: readonly Sighting[];
  readonly isWhole: boolean;
  /** Images of which not every finding is indexed. */
  readonly cutShort: number;
}

/** A page is a megabyte, about a thousand images; no index says which of them have the finding. */
const MOST_PAGES = 20;

/** The images of a repository in which a finding was found. */
export async function sightingsIn(
  repository: Repository,
  id: string,
  { listFound }: Pick<LookupPorts, 'listFound'>,
): Promise<Sightings> {
  const sightings: Sighting[] = [];
  let cutShort = 0;
  let page: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const { images, next } = await listFound(repository, page);
    sightings.push(...images.flatMap((it) => sightingIn(it, id)));
    cutShort += images.filter(({ leftOut }) => leftOut > 0).length;
    if (!next) return { sightings, isWhole: true, cutShort };
    page = next;
  }
  return { sightings, isWhole: false, cutShort };
}

function sightingIn({ image, pushedAt, found }: IndexedImage, id: string): readonly Sighting[] {
  const it = found.find((each) => each.id === id);
  return it ? [{ ...it, image, pushedAt }] : [];
}
