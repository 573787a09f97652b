import type { Repository, Tag } from '../image/reference.ts';
import { matchesGlob } from '../policy/glob.ts';

/** How a repository is set up, as DescribeRepositories tells it. */
export interface RepositorySettings {
  readonly repository: Repository;
  /** `MUTABLE`, `IMMUTABLE`, `IMMUTABLE_WITH_EXCLUSION` or `MUTABLE_WITH_EXCLUSION`. */
  readonly mutability: string;
  /** Tags of these forms are the exception; `*` is any text. */
  readonly exclusions: readonly string[];
  /** The repository's own setting, which a registry's configuration has replaced. */
  readonly scansOnPush: boolean;
}

/**
 * Whether a tag can be moved to another image.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
 */
export function mayMove(
  tag: Tag,
  { mutability, exclusions }: Pick<RepositorySettings, 'mutability' | 'exclusions'>,
): boolean {
  const isExcluded = exclusions.some((filter) => matchesGlob(filter, tag));
  if (mutability === 'IMMUTABLE_WITH_EXCLUSION') return isExcluded;
  if (mutability === 'MUTABLE_WITH_EXCLUSION') return !isExcluded;
  return mutability !== 'IMMUTABLE';
}
