import { isDeepStrictEqual } from 'node:util';
import type { Digest } from '../../lib/image/digest.ts';
import { type Evidence, mergeEvidence } from '../../lib/image/evidence.ts';
import type { ImageIndex } from '../../lib/image/manifest.ts';
import type { Mark } from '../../lib/image/mark.ts';
import type { ImageRecord, RegisteredImage } from '../../lib/image/record.ts';
import { type Image, type Repository, repositoryKey } from '../../lib/image/reference.ts';
import type { TagEvent, TagName } from '../../lib/image/tag-event.ts';
import type { Instant } from '../../lib/instant.ts';
import type { LineagePorts } from '../../lib/remember.ts';
import { imagePartition, tagEventKey, tagPartition } from '../../lib/store/keys.ts';

/** What the registry holds while the events are answered. */
export interface MemoryRegistry {
  readonly images: readonly RegisteredImage[];
  readonly indexes?: Readonly<Record<Digest, ImageIndex>>;
  /** What the documents of an image say; of the others they cannot be read at once. */
  readonly evidence?: Readonly<Record<Digest, readonly Evidence[]>>;
}

export interface MemoryLineage {
  readonly ports: LineagePorts;
  /** Everything that was written, in an order that does not depend on the order of the writes. */
  readonly tables: () => Readonly<Record<string, unknown>>;
  readonly head: (name: TagName) => Digest | undefined;
  readonly history: (name: TagName) => readonly TagEvent[];
  readonly image: (image: Image) => ImageRecord | undefined;
  /** The events that sent a hint of a moved tag. */
  readonly retags: readonly Instant[];
  /** The images whose documents are to be read. */
  readonly toRead: readonly Digest[];
  /** Those that are looked at again later. */
  readonly later: readonly Digest[];
}

/** Undefined where what was read is not written: others wrote meanwhile. */
function evidenceAfter(
  record: Pick<ImageRecord, 'evidence'> | undefined,
  given: readonly Evidence[],
  read: readonly Evidence[] | undefined,
): readonly Evidence[] | undefined {
  const known = record?.evidence ?? [];
  if (!read) return mergeEvidence(known, given);
  return isDeepStrictEqual(known, given) ? read : undefined;
}

/** The lineage in memory, with the conditions of the real one: append once, heads forward only, tags only more. */
export function memoryLineage(
  { images, indexes = {}, evidence: said = {} }: MemoryRegistry,
  now: Instant,
): MemoryLineage {
  const events = new Map<string, TagEvent>();
  const heads = new Map<string, { readonly key: string; readonly digest?: Digest }>();
  const records = new Map<string, Omit<ImageRecord, 'marks'>>();
  const marks = new Map<string, readonly Mark[]>();
  const repositories = new Map<string, Repository>();
  const retags: Instant[] = [];
  const toRead: Digest[] = [];
  const later: Digest[] = [];

  function image(of: Image): ImageRecord | undefined {
    const record = records.get(imagePartition(of));
    return record && { ...record, marks: marks.get(imagePartition(of)) ?? [] };
  }
  const head = ({ repository, tag }: TagName) => heads.get(tagPartition(repository, tag))?.digest;

  const ports: LineagePorts = {
    now: () => new Date(now),
    findImage: async (of) => images.find((it) => imagePartition(it.image) === imagePartition(of)),
    findIndex: async ({ digest }) => indexes[digest],
    loadImage: async (of) => image(of),
    async saveTagEvent({ repository, tag }, event) {
      const partition = tagPartition(repository, tag);
      const key = tagEventKey(event.at, event.eventId);
      if (!events.has(`${partition} ${key}`)) events.set(`${partition} ${key}`, event);
      if ((heads.get(partition)?.key ?? '') < key)
        heads.set(partition, { key, ...(event.digest && { digest: event.digest }) });
    },
    async saveImage({ read, ...record }) {
      const key = imagePartition(record.image);
      const known = records.get(key);
      const evidence = evidenceAfter(known, record.evidence, read);
      if (!evidence) return false;
      const tags = [...new Set([...(known?.tags ?? []), ...record.tags])].sort();
      const { platforms, attestations } = record.platforms.length > 0 ? record : (known ?? record);
      const pushedAt = [known?.pushedAt ?? record.pushedAt, record.pushedAt].sort()[0] as Instant;
      const { image: of, kind } = record;
      const upstream = (known?.isUpstream ?? record.isUpstream) ? { isUpstream: true as const } : {};
      records.set(key, { image: of, kind, platforms, attestations, pushedAt, tags, evidence, ...upstream });
      return true;
    },
    async saveRepository(repository) {
      repositories.set(repositoryKey(repository), repository);
    },
    async saveMark(of, mark) {
      const others = (marks.get(imagePartition(of)) ?? []).filter(
        ({ op, at }) => op !== mark.op || at !== mark.at,
      );
      marks.set(
        imagePartition(of),
        [...others, mark].sort((a, b) => (`${a.at}#${a.op}` < `${b.at}#${b.op}` ? -1 : 1)),
      );
    },
    async hintRetag(_image, _id, at) {
      retags.push(at);
    },
    readEvidence: async ({ digest }) => said[digest],
    async hintDocuments({ digest }) {
      toRead.push(digest);
    },
    async hintLater({ digest }) {
      later.push(digest);
    },
  };
  const sorted = (table: ReadonlyMap<string, unknown>) => [...table].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ports,
    tables: () => ({
      events: sorted(events),
      heads: sorted(heads),
      records: sorted(records),
      marks: sorted(marks),
      repositories: sorted(repositories),
    }),
    head,
    history: ({ repository, tag }) =>
      sorted(events)
        .filter(([key]) => key.startsWith(`${tagPartition(repository, tag)} `))
        .map(([, event]) => event as TagEvent),
    image,
    retags,
    toRead,
    later,
  };
}
