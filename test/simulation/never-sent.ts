import { digestOf } from '../../lib/image/digest.ts';
import { type Image, parseTag, type Repository, type Tag } from '../../lib/image/reference.ts';
import { toInstant } from '../../lib/instant.ts';
import { parsePush } from '../../lib/intake/parse.ts';
import { reconcile } from '../../lib/reconcile/reconcile.ts';
import { remember } from '../../lib/remember.ts';
import { type MemoryReconcile, memoryReconcile, type StoredImage } from '../doubles/memory-reconcile.ts';
import { chance } from './chance.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-20T00:00:00Z');
/** Every so many pushes one is an index of two platforms. */
const INDEX_EVERY = 5;

/** What happened in a world in which a share of AWS's events was never sent. */
export interface NeverSent {
  readonly images: number;
  readonly neverSent: number;
  /** Pushes and scans that nobody ever knew of. */
  readonly lost: number;
  /** Between a push, or the end of a scan, and its record. */
  readonly longestMinutes: number;
  readonly calls: number;
  readonly mostCallsPerSecond: number;
  /** Calls to ECR for 10,000 images, where everything is on record. */
  readonly callsAtRest: number;
  /** What a run right after the last one sent. */
  readonly sentAgain: number;
}

interface Push {
  readonly at: Date;
  readonly tag: Tag;
  readonly listed: StoredImage;
  readonly parts: readonly StoredImage[];
  readonly isTold: boolean;
}

/** Two hours of pushes and scans, and the real reconciler every quarter of an hour until an hour later. */
export async function neverSent(options: {
  readonly images: number;
  readonly share: number;
  readonly seed: number;
  readonly repositories?: number;
  readonly isReconciled?: boolean;
}): Promise<NeverSent> {
  const { isReconciled = true } = options;
  const world = memoryReconcile(new Date(START));
  const pushes = makePushes(options);
  const scans = pushes
    .flatMap(({ parts, isTold }) => parts.map((part) => ({ at: part.scannedAt as Date, part, isTold })))
    .filter(({ isTold }) => isTold);
  const runs = Array.from({ length: 13 }, (_, n) => ({ at: new Date(START + n * 15 * MINUTE) }));
  const happenings: { readonly at: Date; readonly play: () => Promise<unknown> }[] = [
    ...pushes.map((push) => ({ at: push.at, play: () => playPush(push, world) })),
    ...scans.map(({ at, part }) => ({ at, play: () => world.answer(scanEvent(part.image)) })),
    ...(isReconciled ? runs : []).map(({ at }) => ({
      at,
      play: () => reconcile(endOfRun(world), world.ports),
    })),
  ];
  happenings.sort((a, b) => a.at.getTime() - b.at.getTime());
  const lags: number[] = [];
  for (const { at, play } of happenings) {
    world.advanceTo(at);
    await play();
  }
  const delays = pushes.flatMap((push) => delaysOf(push, world));
  for (const delay of delays) lags.push(delay ?? Number.POSITIVE_INFINITY);
  const { calls } = world;
  const before = { calls: calls.length, sent: world.sent.length };
  if (isReconciled) await reconcile(endOfRun(world), world.ports);
  const stored = pushes.reduce((sum, { parts, listed }) => sum + new Set([...parts, listed]).size, 0);
  return {
    images: stored,
    neverSent: pushes.filter(({ isTold }) => !isTold).length,
    lost: lags.filter((lag) => lag === Number.POSITIVE_INFINITY).length,
    longestMinutes: Math.max(...lags) / MINUTE,
    calls: before.calls,
    mostCallsPerSecond: mostPerSecond(calls.map(({ atMs }) => atMs)),
    callsAtRest: ((calls.length - before.calls) * 10_000) / stored,
    sentAgain: world.sent.length - before.sent,
  };
}

function endOfRun(world: MemoryReconcile): Date {
  return new Date(world.now().getTime() + 285_000);
}

function makePushes(of: {
  readonly images: number;
  readonly share: number;
  readonly seed: number;
  readonly repositories?: number;
}): readonly Push[] {
  const { next } = chance(of.seed);
  return Array.from({ length: of.images }, (_, n) => {
    const name = `team/service-${n % (of.repositories ?? 10)}`;
    const repository = { account: '111122223333', region: 'eu-west-1', name };
    const at = new Date(START + Math.floor(next() * 120 * MINUTE));
    const tag = parseTag(`build-${n}`);
    const scannedAt = new Date(at.getTime() + Math.floor((1 + 4 * next()) * MINUTE));
    const isTold = next() >= of.share;
    const part = (text: string, tags: readonly Tag[]) =>
      anImage(repository, `${of.seed} ${n} ${text}`, at, tags);
    if (n % INDEX_EVERY > 0) {
      const listed = { ...part('', [tag]), scannedAt };
      return { at, tag, listed, parts: [listed], isTold };
    }
    const parts = ['amd64', 'arm64'].map((platform) => ({ ...part(platform, []), scannedAt }));
    const listed: StoredImage = {
      ...part('index', [tag]),
      kind: 'index',
      mediaType: 'application/vnd.oci.image.index.v1+json',
      platforms: parts.map(({ image }) => image.digest),
    };
    return { at, tag, listed, parts, isTold };
  });
}

function anImage(repository: Repository, text: string, at: Date, tags: readonly Tag[]): StoredImage {
  const image = { repository, digest: digestOf(text) };
  return { image, kind: 'image', tags, pushedAt: toInstant(at), isArchived: false };
}

async function playPush({ at, tag, listed, parts, isTold }: Push, world: MemoryReconcile): Promise<void> {
  for (const part of parts) world.push(part);
  world.push(listed);
  if (!isTold) return;
  const { repository, digest } = listed.image;
  const event = anEvent('ECR Image Action', repository, at, {
    'action-type': 'PUSH',
    result: 'SUCCESS',
    'image-digest': digest,
    'image-tag': tag,
    ...(listed.mediaType && { 'manifest-media-type': listed.mediaType }),
  });
  await remember(parsePush(event), world.lineage);
}

function scanEvent({ repository, digest }: Image): string {
  return anEvent('ECR Image Scan', repository, new Date(START), {
    'scan-status': 'COMPLETE',
    'image-digest': digest,
  });
}

function anEvent(type: string, { account, region, name }: Repository, at: Date, detail: object): string {
  const time = at.toISOString();
  const body = { id: 'aws', 'detail-type': type, source: 'aws.ecr', account, region, time };
  return JSON.stringify({ ...body, detail: { 'repository-name': name, ...detail } });
}

/** Milliseconds from the push to its record, and from the end of each scan to its; undefined for what is lost. */
function delaysOf({ at, tag, listed, parts }: Push, world: MemoryReconcile): readonly (number | undefined)[] {
  const [event] = world.history(listed.image.repository, tag);
  const told = event && Date.parse(event.recordedAt) - at.getTime();
  const scanned = parts.map(({ image, scannedAt = at }) => {
    const recorded = world.recordedAt(image);
    return recorded && recorded.getTime() - scannedAt.getTime();
  });
  return [told, ...scanned];
}

/** The most calls a second over any ten seconds: what waits at once waits in steps on this clock. */
function mostPerSecond(times: readonly number[]): number {
  let most = 0;
  let from = 0;
  for (const [to, time] of times.entries()) {
    while ((times[from] ?? 0) <= time - 10_000) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most / 10;
}
