import type { RegisteredImage } from './record.ts';
import type { Repository } from './reference.ts';

/** An image as the registry lists it, with what AWS's event of its push would have said. */
export interface ListedImage extends RegisteredImage {
  readonly mediaType?: string;
  readonly artifactMediaType?: string;
  /** An archived image keeps its tags, and nobody scans it. */
  readonly isArchived: boolean;
}

/** One page of a list, and how to ask for the next. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** A page of images; undefined when the repository is gone. */
export type ImagePage = Page<ListedImage> | undefined;
export type RepositoryPage = Page<Repository>;
