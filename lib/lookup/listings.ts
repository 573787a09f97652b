import type { Digest } from '../image/digest.ts';
import type { Repository } from '../image/reference.ts';
import type { LookupPorts } from './ports.ts';

/** What the lineage knows of what these indexes list; one that it does not know is not among them. */
export async function listingsOf(
  repository: Repository,
  indexes: readonly Digest[],
  ports: Pick<LookupPorts, 'loadTogether'>,
): Promise<ReadonlyMap<Digest, readonly Digest[]>> {
  if (indexes.length === 0) return new Map();
  const { records } = await ports.loadTogether(indexes.map((digest) => ({ repository, digest })));
  return new Map(
    indexes.flatMap((digest, nth) => {
      const { platforms = [], attestations = [] } = records[nth] ?? {};
      const listed = [...platforms.map((it) => it.digest), ...attestations];
      // One that lists nothing was not read yet.
      return listed.length > 0 ? [[digest, listed] as const] : [];
    }),
  );
}
