import type { Digest } from '../image/digest.ts';
import { type Provenance, provenanceOf } from '../image/provenance.ts';
import type { Reference, Repository, Tag } from '../image/reference.ts';
import { type Instant, toInstant } from '../instant.ts';
import { type Ambiguous, type NotFound, notFound } from './missing.ts';
import type { LookupPorts } from './ports.ts';
import { findRepository } from './repository.ts';

/** Everywhere that a tag has pointed, newest first. */
export interface HistoryAnswer {
  readonly found: 'one';
  readonly repository: Repository;
  readonly tag: Tag;
  readonly entries: readonly HistoryEntry[];
}

export interface HistoryEntry {
  readonly op: 'push' | 'delete';
  readonly at: Instant;
  readonly digest?: Digest;
  readonly provenance?: Provenance;
}

/** Answers "what has this tag pointed to?", the newest `limit` events at or before now. */
export async function history(
  reference: Reference,
  limit: number,
  ports: LookupPorts,
): Promise<HistoryAnswer | NotFound | Ambiguous> {
  const { name, tag } = reference;
  if (!tag) return notFound(`say which tag of ${name}, as in ${name}:latest`);
  const place = await findRepository(reference, ports);
  if (place.found !== 'one') return place;
  const { repository } = place;
  const events = await ports.loadHistory({ repository, tag }, { at: toInstant(ports.now()), limit });
  if (events.length === 0) return notFound(`no push of ${name}:${tag} has been recorded`);
  const commits = await loadCommits(
    repository,
    events.flatMap(({ digest }) => digest ?? []),
    ports,
  );
  const entries = events.map(({ op, at, digest }) => {
    const provenance = digest && commits.get(digest);
    return { op, at, ...(digest && { digest }), ...(provenance && { provenance }) };
  });
  return { found: 'one', repository, tag, entries };
}

async function loadCommits(
  repository: Repository,
  digests: readonly Digest[],
  ports: LookupPorts,
): Promise<ReadonlyMap<Digest, Provenance | undefined>> {
  const load = async (digest: Digest) => {
    const record = await ports.loadImage({ repository, digest });
    return [digest, record && provenanceOf(record.tags)] as const;
  };
  return new Map(await Promise.all([...new Set(digests)].map(load)));
}
