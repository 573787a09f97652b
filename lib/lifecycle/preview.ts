import type { Digest } from '../image/digest.ts';
import type { Instant } from '../instant.ts';
import type { Standing, Standings } from '../workload/standing.ts';
import { type BytesByClass, bytesAfter, bytesOf } from './cost.ts';
import { evaluate, type Verdict } from './evaluate.ts';
import type { Rule } from './rule.ts';
import type { Listings, StoredImage } from './stored-image.ts';
import { type Losses, lossesOf, type Use, usesOf } from './use.ts';

/** What a preview looks at. */
export interface Scene {
  readonly rules: readonly Rule[];
  readonly images: readonly StoredImage[];
  readonly listings: Listings;
  /** Undefined where nobody knows what runs. */
  readonly standings: Standings | undefined;
  readonly at: Instant;
}

/** What a policy does to a repository, and what workloads lose by it. */
export interface Preview {
  readonly verdicts: readonly Verdict[];
  readonly uses: ReadonlyMap<Digest, readonly Use[]>;
  readonly losses: Losses;
  /** What runs and is not in the registry any more. */
  readonly missing: readonly (Standing & { readonly digest: Digest })[];
  /** Indexes of which nobody knows what they list: what they hold is evaluated as if nothing held it. */
  readonly unknownIndexes: number;
  readonly before: BytesByClass;
  readonly after: BytesByClass;
}

const NOBODY: Standings = { byDigest: new Map(), byTag: new Map() };

/** Evaluates the rules and holds the outcome against what runs. */
export function preview({ rules, images, listings, standings = NOBODY, at }: Scene): Preview {
  const verdicts = evaluate(rules, images, listings, at);
  const uses = usesOf(images, listings, standings);
  const present = new Set(images.map(({ digest }) => digest));
  return {
    ...{ verdicts, uses, losses: lossesOf(verdicts, uses) },
    missing: [...standings.byDigest].flatMap(([digest, of]) =>
      present.has(digest) ? [] : of.filter(({ as }) => as === 'runs').map((it) => ({ ...it, digest })),
    ),
    unknownIndexes: images.filter(({ kind, digest }) => kind === 'index' && !listings.has(digest)).length,
    ...{ before: bytesOf(images), after: bytesAfter(verdicts) },
  };
}
