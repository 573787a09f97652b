import type { Digest } from '../../lib/image/digest.ts';
import type { ListedImage } from '../../lib/image/listed-image.ts';
import { type Image, type Repository, repositoryKey, type Tag } from '../../lib/image/reference.ts';
import type { TagEvent } from '../../lib/image/tag-event.ts';
import type { TagHead, TagHint } from '../../lib/image/tag-head.ts';
import type { Verification } from '../../lib/image/verification.ts';
import { toInstant } from '../../lib/instant.ts';
import { parsePush, parseScan } from '../../lib/intake/parse.ts';
import type { OpenFindings } from '../../lib/policy/open-findings.ts';
import { overduePorts } from '../../lib/reconcile/overdue.ts';
import type { ReconcilePorts } from '../../lib/reconcile/ports.ts';
import { tokenBucket } from '../../lib/reconcile/token-bucket.ts';
import { type LineagePorts, remember } from '../../lib/remember.ts';
import { type ResponsePorts, respond, respondToRetag } from '../../lib/respond.ts';
import type { ScanHintMark } from '../../lib/scan/hint-mark.ts';
import type { ScanFact, Scanned } from '../../lib/scan/scan.ts';
import { imagePartition, tagPartition } from '../../lib/store/keys.ts';

/** An image as the registry has it, with the time its scan ends; without one it is never scanned. */
export interface StoredImage extends ListedImage {
  readonly scannedAt?: Date;
  /** Of an index: its images, which are stored beside it. */
  readonly platforms?: readonly Digest[];
}

const PAGE = 1000;

/**
 * Registry, lineage and ledger in memory around the real code, on a clock of its own: what the reconciler sends is
 * answered at once by the same functions that answer AWS's events.
 */
export function memoryReconcile(start: Date, options: Partial<ReconcilePorts> = {}, msPerCall = 20) {
  let nowMs = start.getTime();
  const now = () => new Date(nowMs);
  const images = new Map<string, StoredImage>();
  const byRepository = new Map<string, { readonly repository: Repository; readonly keys: Set<string> }>();
  const heads = new Map<string, Map<Tag, TagHead>>();
  const events = new Map<string, TagEvent[]>();
  const records = new Map<string, Parameters<LineagePorts['saveImage']>[0]>();
  const parents = new Map<string, Digest[]>();
  const facts = new Map<string, ScanFact>();
  const baselines = new Map<string, Map<string, OpenFindings>>();
  const recordedAt = new Map<string, Date>();
  const marks = new Map<string, ScanHintMark>();
  const verified = new Map<string, Verification>();
  const calls: { readonly name: string; readonly atMs: number }[] = [];
  const sent: string[] = [];
  const notices: { readonly digest: Digest; readonly status?: string }[] = [];
  let cursor: string | undefined;

  const sleep = async (milliseconds: number) => {
    nowMs = Math.max(nowMs, nowMs + milliseconds);
  };
  const call = (name: string) => {
    calls.push({ name, atMs: nowMs });
    nowMs += msPerCall;
  };
  const headsOf = (repository: Repository) => {
    const key = repositoryKey(repository);
    const found = heads.get(key) ?? new Map<Tag, TagHead>();
    heads.set(key, found);
    return found;
  };
  const scanOf = (image: Image) => {
    const scannedAt = images.get(imagePartition(image))?.scannedAt;
    return scannedAt && scannedAt <= now() ? scannedAt : undefined;
  };

  const lineage: LineagePorts = {
    now,
    findImage: async (image) => images.get(imagePartition(image)),
    findIndex: async (image) => {
      const platforms = images.get(imagePartition(image))?.platforms ?? [];
      const platform = 'linux/amd64';
      return { platforms: platforms.map((digest) => ({ digest, platform })), attestations: [] };
    },
    hintRetag: async (image) => {
      await respondToRetag(image, response);
    },
    readEvidence: async () => undefined,
    hintDocuments: async () => undefined,
    hintLater: async () => undefined,
    loadImage: async (image) => {
      const record = records.get(imagePartition(image));
      return record && { ...record, marks: [] };
    },
    async saveTagEvent({ repository, tag }, event) {
      const of = headsOf(repository);
      const head = of.get(tag);
      const key = tagPartition(repository, tag);
      const known = events.get(key) ?? [];
      const isKnown = known.some((it) => it.at === event.at && it.eventId === event.eventId);
      if (!isKnown) events.set(key, [...known, event]);
      if (head?.at && head.at >= event.at) return;
      const hinted = head?.hinted;
      of.set(tag, { at: event.at, ...(event.digest && { digest: event.digest }), ...(hinted && { hinted }) });
    },
    saveImage: async (record) => {
      const { repository, digest: index } = record.image;
      for (const { digest } of record.platforms) parents.set(imagePartition({ repository, digest }), [index]);
      const known = records.get(imagePartition(record.image));
      const tags = [...new Set([...(known?.tags ?? []), ...record.tags])];
      records.set(imagePartition(record.image), { ...record, tags });
      return true;
    },
    saveRepository: async () => undefined,
    saveMark: async () => undefined,
  };
  const response: ResponsePorts = {
    now,
    policyOf: async () => ({ trackedTags: ['latest'], notifyAt: 'CRITICAL' }),
    patience: { graceSeconds: 0, readinessSeconds: 0, retrySeconds: 5 },
    findImage: lineage.findImage,
    findScan: async (image) => {
      const scannedAt = scanOf(image);
      return scannedAt ? aScanned(scannedAt) : { state: 'pending', status: 'NOT_FOUND' };
    },
    findParents: async (image) => parents.get(imagePartition(image)) ?? [],
    loadImage: lineage.loadImage,
    loadOpenFindings: async () => undefined,
    async saveScan({ image }, _key, scan) {
      facts.set(imagePartition(image), scan);
      for (const { digest, state } of scan.platforms) {
        const key = imagePartition({ repository: image.repository, digest });
        if (state === 'scanned' && !recordedAt.has(key)) recordedAt.set(key, now());
      }
    },
    saveTelling: async () => true,
    saveUnscanned: async () => undefined,
    async saveOpenFindings(repository, open) {
      const of = baselines.get(repositoryKey(repository)) ?? new Map();
      baselines.set(repositoryKey(repository), of.set(open.reference, open));
    },
    indexFindings: async () => undefined,
    findBackground: async () => ({}),
    async enqueue(delivery) {
      if (delivery.kind !== 'notice') return;
      const status = delivery.unscannable?.status;
      notices.push({ digest: delivery.subject.image.digest, ...(status && { status }) });
    },
  };

  const ports: ReconcilePorts = {
    now,
    pace: tokenBucket(10, { now, sleep }),
    policyOf: response.policyOf,
    loadBaselines: async (repository) => baselines.get(repositoryKey(repository)) ?? new Map(),
    patience: { graceSeconds: 300, overdueSeconds: 3600 },
    members: [],
    async listRepositories(_account, nextToken) {
      call('DescribeRepositories');
      return page(
        [...byRepository.values()].map(({ repository }) => repository),
        nextToken,
      );
    },
    async listImages(repository, nextToken) {
      call('DescribeImages');
      const keys = byRepository.get(repositoryKey(repository))?.keys;
      if (!keys) return undefined;
      const { items, ...next } = page([...keys], nextToken);
      return { items: items.map((key) => images.get(key) as StoredImage), ...next };
    },
    async peekScan(image) {
      call('DescribeImageScanFindings');
      if (!images.has(imagePartition(image))) return { state: 'gone' };
      const completedAt = scanOf(image);
      return completedAt ? { state: 'scanned', completedAt: toInstant(completedAt) } : { state: 'pending' };
    },
    loadHeads: async (repository) => new Map(headsOf(repository)),
    async saveTagHint({ repository, tag }, hinted: TagHint) {
      headsOf(repository).set(tag, { ...headsOf(repository).get(tag), hinted });
    },
    loadImage: lineage.loadImage,
    findParents: response.findParents,
    loadLatestScan: async (image) => facts.get(imagePartition(image)),
    loadScanHint: async (image) => marks.get(imagePartition(image)),
    saveScanHint: async (image, mark) => void marks.set(imagePartition(image), mark),
    loadVerification: async (repository) => verified.get(repositoryKey(repository)),
    saveVerification: async (repository, it) => void verified.set(repositoryKey(repository), it),
    loadCursor: async () => cursor,
    saveCursor: async (after) => {
      cursor = after;
    },
    async sendPushes(bodies) {
      sent.push(...bodies);
      for (const body of bodies) await remember(parsePush(body), lineage);
    },
    async sendScans(bodies) {
      sent.push(...bodies);
      for (const body of bodies) await answer(body);
    },
    ...options,
  };

  async function answer(body: string): Promise<void> {
    const hint = parseScan(body);
    if (hint.kind === 'finding-hint') throw new Error('the reconciler speaks of no findings');
    await respond(hint.image, 3600, hint.isOverdue ? overduePorts(response) : response);
  }

  return {
    ports,
    now,
    calls,
    sent,
    notices,
    lineage,
    advanceTo: (date: Date) => {
      nowMs = Math.max(nowMs, date.getTime());
    },
    /** Puts an image into the registry, moves its tags; nobody is told. */
    push(image: StoredImage) {
      const { repository } = image.image;
      const key = imagePartition(image.image);
      const place = byRepository.get(repositoryKey(repository)) ?? { repository, keys: new Set<string>() };
      byRepository.set(repositoryKey(repository), place);
      for (const other of image.tags.length > 0 ? place.keys : []) {
        const it = images.get(other);
        if (it?.tags.some((tag) => image.tags.includes(tag)))
          images.set(other, { ...it, tags: it.tags.filter((tag) => !image.tags.includes(tag)) });
      }
      place.keys.add(key);
      images.set(key, image);
    },
    remove(image: Image) {
      images.delete(imagePartition(image));
      byRepository.get(repositoryKey(image.repository))?.keys.delete(imagePartition(image));
    },
    answer,
    head: (repository: Repository, tag: Tag) => headsOf(repository).get(tag),
    history: (repository: Repository, tag: Tag) => events.get(tagPartition(repository, tag)) ?? [],
    recordedAt: (image: Image) => recordedAt.get(imagePartition(image)),
    verification: (repository: Repository) => verified.get(repositoryKey(repository)),
    cursor: () => cursor,
  };
}

export type MemoryReconcile = ReturnType<typeof memoryReconcile>;

function aScanned(scannedAt: Date): Scanned {
  const counts = { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, INFORMATIONAL: 0, UNTRIAGED: 0, UNDEFINED: 0 };
  return { state: 'scanned', type: 'basic', completedAt: toInstant(scannedAt), counts, findings: [] };
}

function page<T>(all: readonly T[], nextToken = '0') {
  const end = Number(nextToken) + PAGE;
  return { items: all.slice(Number(nextToken), end), ...(end < all.length && { nextToken: String(end) }) };
}
