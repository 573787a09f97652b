import { inflateRawSync } from 'node:zlib';
import { NotReady } from '../../lib/errors.ts';
import type { Digest } from '../../lib/image/digest.ts';
import type { RegisteredImage } from '../../lib/image/record.ts';
import type { Image } from '../../lib/image/reference.ts';
import { indexFindings } from '../../lib/index-findings.ts';
import type { Instant } from '../../lib/instant.ts';
import type { ScanHint } from '../../lib/intake/event.ts';
import { parseScan } from '../../lib/intake/parse.ts';
import { isAfter } from '../../lib/policy/followed.ts';
import { NO_SCAN, type UnscannedLook } from '../../lib/policy/open-findings.ts';
import { type ResponsePorts, respond, respondToRetag } from '../../lib/respond.ts';
import type { Reading } from '../../lib/scan/scan.ts';
import { findingsIndexPorts } from '../../lib/services/run.ts';
import { findParents, loadImage } from '../../lib/store/image.ts';
import {
  loadOpenFindings,
  saveOpenFindings,
  saveTelling,
  saveUnscanned,
} from '../../lib/store/open-findings.ts';
import { saveScan } from '../../lib/store/scan.ts';
import type { Table } from '../../lib/store/table.ts';
import { anUnscannable, aReading } from '../build/reading.ts';
import type { Item } from '../doubles/memory-dynamodb/value.ts';
import type { Chance } from './chance.ts';
import type { Scene } from './lineage-scene.ts';

/** What the scanner says of the manifests of a scene whenever it is asked; of the others nothing. */
export type Readings = ReadonlyMap<Digest, Reading>;

const PATIENCE = { graceSeconds: 120, readinessSeconds: 1800, retrySeconds: 5 };
const MORE_THAN_ANY_SECONDS = 7200;

/** Hints that some of the images were scanned, a few of them twice. */
export function makeScans(images: readonly Image[], dice: Chance): readonly ScanHint[] {
  const hints = images.filter(() => dice.hits(0.5)).map((image, nth) => hintOf(image, `scan-${nth}`));
  return [...hints, ...hints.filter(() => dice.hits(0.2))];
}

function hintOf({ repository: { account, region, name }, digest }: Image, id: string): ScanHint {
  const detail = { 'scan-status': 'COMPLETE', 'repository-name': name, 'image-digest': digest };
  const time = '2026-11-20T03:05:00Z';
  const event = { id, 'detail-type': 'ECR Image Scan', source: 'aws.ecr', account, region, time, detail };
  const hint = parseScan(JSON.stringify(event));
  if (hint.kind !== 'scan-hint') throw new Error('not a hint about a scan');
  return hint;
}

/** Two findings each, one of them in all; what only looks like an image cannot be scanned. */
export function readingsOf(hints: readonly ScanHint[], attestations: readonly Digest[]): Readings {
  return new Map(
    hints.map(({ image: { digest } }) => {
      const ids = ['CVE-2026-1', `CVE-2026-2${Number.parseInt(digest.slice(7, 10), 16)}`];
      const isAttestation = attestations.includes(digest);
      return [digest, isAttestation ? anUnscannable('FAILED') : aReading(ids, 'CRITICAL', '03:05')];
    }),
  );
}

/** The function that answers scans, with its queue: what is not ready waits until everything else has been told. */
export interface ScanDesk {
  readonly tell: (hint: ScanHint) => Promise<void>;
  readonly retag: (image: Image) => Promise<void>;
  /** Answers what waits, for it has waited long enough. */
  readonly end: () => Promise<void>;
}

/** `isLate`: whatever is told of a scan has waited long enough before anybody hears of it. */
export function scanDesk(
  { lineage, ledger }: { readonly lineage: Table; readonly ledger: Table },
  images: ReadonlyMap<Digest, RegisteredImage>,
  readings: Readings,
  isLate: boolean,
): ScanDesk {
  let clockMs = Date.parse('2026-11-20T12:00:00Z');
  const ports: ResponsePorts = {
    now() {
      clockMs += 1;
      return new Date(clockMs);
    },
    policyOf: async () => ({ trackedTags: ['latest'], notifyAt: 'CRITICAL' }),
    patience: PATIENCE,
    findImage: async ({ digest }) => images.get(digest),
    findScan: async ({ digest }) => readings.get(digest) ?? { state: 'pending', status: 'NOT_FOUND' },
    findParents: (image) => findParents(lineage, image),
    loadImage: (image) => loadImage(lineage, image),
    loadOpenFindings: (repository, reference) => loadOpenFindings(ledger, repository, reference),
    saveScan: (subject, key, scan) => saveScan(ledger, subject, key, scan),
    saveUnscanned: (...look) => saveUnscanned(ledger, ...look),
    saveTelling: (repository, reference, by) => saveTelling(ledger, repository, reference, by),
    saveOpenFindings: (repository, open) => saveOpenFindings(ledger, repository, open),
    findBackground: async () => ({}),
    indexFindings: (subject, scan, at) => indexFindings(subject, scan, at, findingsIndexPorts(ledger)),
    enqueue: async () => undefined,
  };
  const waiting: ((waitedSeconds: number) => Promise<unknown>)[] = [];
  const first = async (answer: (waitedSeconds: number) => Promise<unknown>, waitedSeconds: number) => {
    try {
      await answer(waitedSeconds);
    } catch (error) {
      if (!(error instanceof NotReady)) throw error;
      waiting.push(answer);
    }
  };
  return {
    tell: ({ image }) =>
      first((seconds) => respond(image, seconds, ports), isLate ? MORE_THAN_ANY_SECONDS : 0),
    retag: (image) => first((seconds) => respondToRetag(image, ports, seconds), 0),
    async end() {
      for (const answer of waiting) await answer(MORE_THAN_ANY_SECONDS);
    },
  };
}

/**
 * The ledger without our own times, and without what a reference has shown and been told as: they tell when who heard
 * of what. What waited
 * in vain for its index has been answered by itself; once said it stays, beside what is known of the index later.
 */
export function scansIn(items: readonly Item[], { registered, isLate }: Scene): readonly Item[] {
  const untagged = registered.filter(({ tags }) => tags.length === 0).map(({ image }) => image.digest);
  const isOfNone = ({ pk, sk }: Item) =>
    untagged.some((digest) => sk === digest || String(pk).endsWith(`#${digest}`));
  const kept = items.filter((item) => !(isLate && isOfNone(item))).map(timeless);
  return isLate ? kept.filter(({ scanKey }) => scanKey !== NO_SCAN).map(withoutLook) : kept;
}

/**
 * An index whose platforms were answered by themselves, since it was told of too late, is not looked at until one of them has
 * a scan: whether somebody said of it that it has none depends on the order.
 */
function withoutLook({ unscanned: _, ...item }: Item): Item {
  return item;
}

function timeless({
  readAt,
  toldAt: _t,
  openedAt: _o,
  toldAs: _n,
  shown: _s,
  gsi1pk: _p,
  gsi1sk: _k,
  at: _a,
  counted,
  unscanned,
  found,
  ...item
}: Item): Item {
  // What is not later than the baseline stays beside it and says nothing.
  const { sk, pushedAt } = item as unknown as { readonly sk: string; readonly pushedAt: Instant };
  const kept = { pushedAt, readAt: readAt as Instant };
  const holds = unscanned !== undefined && isAfter(unscanned as UnscannedLook, kept, sk.slice('REF#'.length));
  return {
    ...item,
    ...(found instanceof Uint8Array && { ids: idsIn(found) }),
    counted: withoutTime(counted, 'at'),
    ...(holds && { unscanned: withoutTime(unscanned, 'readAt') }),
  };
}

function withoutTime(part: unknown, name: string): unknown {
  return part ? { ...(part as object), [name]: undefined } : part;
}

function idsIn(packed: Uint8Array): readonly string[] {
  const found = JSON.parse(inflateRawSync(packed).toString()) as readonly { readonly id: string }[];
  return found.map(({ id }) => id);
}
