import { type Delivery, imageOf } from '../../lib/delivery/delivery.ts';
import type { Digest } from '../../lib/image/digest.ts';
import type { ImageRecord, RegisteredImage } from '../../lib/image/record.ts';
import { repositoryKey } from '../../lib/image/reference.ts';
import { parseInstant, toInstant } from '../../lib/instant.ts';
import { longestOpen } from '../../lib/policy/background.ts';
import { NO_SCAN, type OpenFindings } from '../../lib/policy/open-findings.ts';
import { NEWEST_PUSH } from '../../lib/policy/policy.ts';
import type { ResponsePorts } from '../../lib/respond.ts';
import type { Reading, Scan } from '../../lib/scan/scan.ts';
import { imagePartition } from '../../lib/store/keys.ts';
import { at } from '../build/lineage.ts';

/** One repository: what the registry, its scanner and the lineage say now. A test changes it between two hints. */
export interface World {
  readonly images: Map<Digest, RegisteredImage>;
  readonly scans: Map<Digest, Reading>;
  readonly records: Map<Digest, ImageRecord>;
}

export interface MemoryResponse {
  readonly ports: ResponsePorts;
  /** Everything that was queued, in order; a repeat is in it twice. */
  readonly queued: Delivery[];
  /** The identities of what was queued, each once: what the ledger lets through. */
  readonly told: () => readonly string[];
  readonly open: (reference: string) => OpenFindings | undefined;
  /** What the ledger holds, without our own times, which differ from run to run. */
  readonly tables: () => Readonly<Record<string, unknown>>;
}

export function aWorld(): World {
  return { images: new Map(), scans: new Map(), records: new Map() };
}

/** The ports of the answer in memory, with the conditions of the real ledger: baselines go only forward. */
export function memoryResponse(
  world: World,
  options: Partial<Pick<ResponsePorts, 'policyOf' | 'patience'>> = {},
): MemoryResponse {
  const baselines = new Map<string, OpenFindings>();
  const scans = new Map<string, Scan>();
  const queued: Delivery[] = [];
  let clockMs = Date.parse(at('03:00'));

  const ports: ResponsePorts = {
    now: () => {
      clockMs += 1000;
      return new Date(clockMs);
    },
    policyOf: async () => ({ trackedTags: ['latest', '*-latest'], notifyAt: 'CRITICAL' }),
    patience: { graceSeconds: 120, readinessSeconds: 1800, retrySeconds: 5 },
    ...options,
    findImage: async ({ digest }) => world.images.get(digest),
    findScan: async ({ digest }) => world.scans.get(digest) ?? { state: 'pending', status: 'NOT_FOUND' },
    findParents: async ({ digest }) =>
      [...world.records.values()]
        .filter(
          ({ platforms, attestations }) =>
            platforms.some((it) => it.digest === digest) || attestations.includes(digest),
        )
        .map(({ image }) => image.digest),
    loadImage: async ({ digest }) => world.records.get(digest),
    loadOpenFindings: async (repository, reference) =>
      baselines.get(`${repositoryKey(repository)} ${reference}`),
    async saveScan({ image }, key, scan) {
      scans.set(`${imagePartition(image)} ${key}`, scan);
    },
    // A table has them beside the baselines, which they leave alone: test/unit/store/open-findings.test.ts.
    async saveUnscanned() {},
    async saveTelling(repository, reference, by) {
      const key = `${repositoryKey(repository)} ${reference}`;
      const open = { reference, ...by, scanKey: NO_SCAN, ids: [] };
      const known = baselines.get(key) ?? { ...open, readAt: parseInstant('0000-01-01T00:00:00.000Z') };
      if (known.scanKey !== NO_SCAN && !isForward(known, open)) return false;
      baselines.set(key, { ...known, isTelling: true });
      return true;
    },
    async saveOpenFindings(repository, open) {
      const key = `${repositoryKey(repository)} ${open.reference}`;
      const known = baselines.get(key);
      if (!known || isForward(known, open)) baselines.set(key, open);
    },
    indexFindings: async () => undefined,
    findBackground: async ({ tracked }) => {
      const open = longestOpen(tracked, toInstant(new Date(clockMs)));
      return open ? { open } : {};
    },
    async enqueue(delivery) {
      queued.push(delivery);
    },
  };
  const sorted = (table: ReadonlyMap<string, unknown>) => [...table].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ports,
    queued,
    told: () => [...new Set(queued.map((it) => `${it.kind} ${imageOf(it).digest} ${it.key}`))].sort(),
    open: (reference) => [...baselines.values()].find((it) => it.reference === reference),
    tables: () => ({
      scans: sorted(scans),
      baselines: sorted(new Map([...baselines].map(([key, open]) => [key, timeless(open)]))),
    }),
  };
}

function timeless({ readAt: _, toldAt: __, openedAt, shown, ...open }: OpenFindings): object {
  return {
    ...open,
    isOpen: openedAt !== undefined,
    ...(shown && { shown: { ...shown, closedAt: shown.closedAt !== undefined } }),
  };
}

function isForward(known: OpenFindings, next: OpenFindings): boolean {
  if (next.reference !== NEWEST_PUSH || known.pushedAt === next.pushedAt) return known.readAt < next.readAt;
  return known.pushedAt < next.pushedAt;
}
