import { SINKS } from '../../lib/delivery/delivery.ts';
import type { PolicyDocument } from '../../lib/policy/document.ts';
import { pushEvent, scanEvent } from './events.ts';
import { type Faults, NO_FAULTS, simulation } from './nothing-lost.ts';
import type { Post } from './outside.ts';
import type { Plant } from './plant.ts';
import { judge } from './verdict.ts';
import { anImage, type World, type WorldImage, worldOf } from './world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Friday, over the weekend, to Thursday. */
const DAYS = 6;
/** Tokyo's clocks never change: what they show is asked here without the code under test. */
const TOKYO_MS = 9 * HOUR_MS;

/** Nights and weekends are quiet; one team in seven has a digest at noon besides. */
const QUIET: PolicyDocument = {
  version: 1,
  notifyAt: 'HIGH',
  quietHours: { from: '22:00', to: '07:00', allDay: ['sat', 'sun'], zone: 'Asia/Tokyo' },
  repositories: [{ name: 'team-0/*', digest: { at: '12:00', zone: 'Asia/Tokyo' } }],
};

/** What some days with quiet hours were to those who hear of them. */
export interface QuietRun {
  readonly images: number;
  /** Images that some sink never heard of. */
  readonly lost: readonly string[];
  readonly doublesAtKeyed: readonly string[];
  readonly unexplained: readonly string[];
  readonly explainedDoubles: number;
  /** Images without a critical finding that people heard of while it was quiet, or before the digest of their team. */
  readonly woken: readonly string[];
  /** Seconds from the scan until people knew of a critical that came while it was quiet, of each. */
  readonly criticals: readonly number[];
  /** Seconds from the scan until a sink for machines knew, of each image. */
  readonly machines: readonly number[];
  /** Seconds from the first moment at which people may be told, of each that waited. */
  readonly after: readonly number[];
  readonly waited: number;
  /** Messages in Slack that had what waited. */
  readonly messagesOfWaited: number;
  readonly putBack: number;
  readonly deaths: number;
  readonly deadLetters: number;
  readonly left: number;
}

/** So many images, each scanned once, through the service's own code in virtual time. */
export async function runQuietHours(
  seed: number,
  {
    images,
    faults = NO_FAULTS,
    plant = {},
  }: { readonly images: number; readonly faults?: Faults; readonly plant?: Plant },
): Promise<QuietRun> {
  let putBack = 0;
  const bodies = new Set<string>();
  const waits: Plant['waits'] = (seconds) => {
    putBack += 1;
    return plant.waits ? plant.waits(seconds) : seconds;
  };
  const { backend, clock, world, outside } = simulation(seed, {
    ...{ scans: images, seconds: 0, faults, document: QUIET, plant: { ...plant, waits } },
    makeWorld: (luck, startMs) =>
      worldOf(images, (number) =>
        scannedOnce(
          anImage(number, startMs + luck.between(0, DAYS * DAY_MS), luck, 'image'),
          number % 2 === 0,
        ),
      ),
    hear({ sink, delivery }, body) {
      if (sink === 'slack' && delivery.kind === 'notice' && delivery.notBefore) bodies.add(body);
    },
  });
  for (const image of world.images) {
    clock.at(image.pushedMs, () => backend.queues.pushes.send(pushEvent(image)));
    const { digest, completedMs } = scanOf(image);
    clock.at(completedMs, () => backend.queues.scans.send(scanEvent(image, digest, completedMs)));
  }
  await clock.run();
  const queues = Object.values(backend.queues);
  const deadLetters = queues.reduce((sum, queue) => sum + queue.redrive(), 0);
  await clock.run();
  return {
    ...judgeQuiet(world, outside.posts),
    ...{ messagesOfWaited: bodies.size, putBack, deadLetters },
    deaths: queues.reduce((sum, { counts }) => sum + counts.deaths, 0),
    left: queues.reduce((sum, { depth }) => sum + depth(), 0),
  };
}

type Counted = 'messagesOfWaited' | 'putBack' | 'deadLetters' | 'deaths' | 'left';

function judgeQuiet(world: World, posts: ReadonlyMap<string, readonly Post[]>): Omit<QuietRun, Counted> {
  const { doublesAtKeyed, unexplained, explainedDoubles } = judge(world, posts);
  const first = firstNotices(posts);
  const told = world.images.map((image) => ({
    image,
    slack: first.get(`slack ${image.image.digest}`),
    sns: first.get(`sns ${image.image.digest}`),
  }));
  const later = told.filter(({ image }) => !isCritical(image) && freeMs(image) > scanOf(image).completedMs);
  const inQuiet = told.filter(({ image }) => isCritical(image) && isQuiet(scanOf(image).completedMs));
  return {
    ...{ images: told.length, doublesAtKeyed, unexplained, explainedDoubles },
    lost: world.images.flatMap(({ image: { digest }, tag }) =>
      SINKS.flatMap((sink) => (first.has(`${sink} ${digest}`) ? [] : [`${sink} ${tag}`])),
    ),
    woken: later.flatMap(({ image, slack }) => (slack && slack.atMs < freeMs(image) ? [image.tag] : [])),
    criticals: inQuiet.flatMap(({ image, slack }) => (slack ? [secondsAfter(image, slack)] : [])),
    machines: told.flatMap(({ image, sns }) => (sns ? [secondsAfter(image, sns)] : [])),
    after: later.flatMap(({ image, slack }) => (slack ? [(slack.atMs - freeMs(image)) / 1000] : [])),
    waited: later.length,
  };
}

/** The first post of a notice at each sink, by sink and digest. */
function firstNotices(posts: ReadonlyMap<string, readonly Post[]>): ReadonlyMap<string, Post> {
  const notices = [...posts.values()].flat().sort((a, b) => b.atMs - a.atMs);
  return new Map(
    notices.flatMap((post): [string, Post][] =>
      post.delivery.kind === 'notice' ? [[`${post.sink} ${post.delivery.subject.image.digest}`, post]] : [],
    ),
  );
}

/** Every other image has nothing that cannot wait. */
function scannedOnce(image: WorldImage, canWait: boolean): WorldImage {
  const manifests = image.manifests.map(({ digest, scans: [scan] }) => ({
    digest,
    scans: scan ? [{ ...scan, readableMs: scan.completedMs, ...(canWait && { criticals: [] }) }] : [],
  }));
  return { ...image, manifests };
}

function scanOf({ tag, manifests: [manifest] }: WorldImage) {
  const scan = manifest?.scans[0];
  if (!manifest || !scan) throw new Error(`${tag} is never scanned`);
  return { digest: manifest.digest, completedMs: scan.completedMs, criticals: scan.criticals };
}

function isCritical(image: WorldImage): boolean {
  return scanOf(image).criticals.length > 0;
}

/** In Tokyo: from 22 to 7 o'clock, and at weekends. */
function isQuiet(ms: number): boolean {
  const there = new Date(ms + TOKYO_MS);
  const [hour, day] = [there.getUTCHours(), there.getUTCDay()];
  return hour >= 22 || hour < 7 || day === 0 || day === 6;
}

/** The first moment at which people may hear of an image: an hour that is not quiet, and noon where there is a digest. */
function freeMs(image: WorldImage): number {
  const { completedMs } = scanOf(image);
  const hasDigest = image.image.repository.name.startsWith('team-0/');
  const mayTell = (ms: number) =>
    !isQuiet(ms) && (!hasDigest || new Date(ms + TOKYO_MS).getUTCHours() === 12);
  if (!hasDigest && mayTell(completedMs)) return completedMs;
  let ms = Math.ceil(completedMs / HOUR_MS) * HOUR_MS;
  while (!mayTell(ms)) ms += HOUR_MS;
  return ms;
}

function secondsAfter(image: WorldImage, { atMs }: Post): number {
  return (atMs - scanOf(image).completedMs) / 1000;
}
