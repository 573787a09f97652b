import { type QueuedSink, SINKS } from '../../lib/delivery/delivery.ts';
import { fingerprint } from '../../lib/scan/compare.ts';
import { ADDS_UP } from './folding.ts';
import type { Post } from './outside.ts';
import type { World, WorldImage } from './world.ts';

/** What a run did right and wrong, counted. */
export interface Verdict {
  readonly scans: number;
  /** Deliveries that arrived. */
  readonly told: number;
  /** What should have been told at a sink and was not. */
  readonly lost: readonly string[];
  /** Shown twice at a destination that folds repeats. */
  readonly doublesAtKeyed: readonly string[];
  /** Arrived twice at one that does not, for a reason that is known, and marked. */
  readonly explainedDoubles: number;
  /** The same without a reason, or without its mark. */
  readonly unexplained: readonly string[];
  /** Indexes that nobody heard of, only of their platforms: their push was recorded after the grace was over. */
  readonly onlyByPlatform: number;
  /** Counts that no scan ever gave. */
  readonly falseCounts: readonly string[];
}

/** Holds what arrived against what was there to tell. */
export function judge(world: World, posts: ReadonlyMap<string, readonly Post[]>): Verdict {
  const lost: string[] = [];
  const falseCounts: string[] = [];
  const byImage = groupByImage(posts);
  for (const image of world.images) {
    for (const sink of SINKS) lost.push(...lostOf(image, sink, byImage));
    falseCounts.push(...falseCountsOf(image, byImage));
  }
  const repeats = [...posts].filter(([, all]) => all.length > 1);
  const keyless = repeats.filter(([key]) => !key.startsWith('datadog '));
  const keyed = repeats.filter(([key]) => key.startsWith('datadog '));
  const unexplained = keyless.filter(([, all]) => !all.every(isExplained));
  return {
    scans: world.scanCount,
    told: posts.size,
    lost,
    doublesAtKeyed: keyed.filter(([, all]) => !isFolded(all)).map(([key]) => key),
    explainedDoubles: keyless.length - unexplained.length,
    unexplained: unexplained.map(([key]) => key),
    onlyByPlatform: world.images.filter(
      ({ image, kind }) => kind === 'index' && !byImage.has(`datadog ${image.digest}`),
    ).length,
    falseCounts,
  };
}

/** After each post but the last its sender died, was away too long or never heard; each but the first is marked. */
function isExplained(post: Post, index: number, all: readonly Post[]): boolean {
  return (index === 0 || post.isMarked) && (index === all.length - 1 || !post.isSettled);
}

/** Gauges overwrite; an event folds into the one with its aggregation key. A count adds up. */
function isFolded(posts: readonly Post[]): boolean {
  const keys = new Set(posts.map(({ foldsBy }) => foldsBy));
  return keys.size === 1 && !keys.has(ADDS_UP);
}

type ByImage = ReadonlyMap<string, readonly Post[]>;

function groupByImage(posts: ReadonlyMap<string, readonly Post[]>): ByImage {
  const grouped = new Map<string, Post[]>();
  for (const [key, all] of posts) {
    const name = key.split(' ', 2).join(' ');
    grouped.set(name, [...(grouped.get(name) ?? []), ...all]);
  }
  return grouped;
}

/** What is open at the end has been told, and that it is over when something was told before. */
function lostOf(
  { image, tag, manifests }: WorldImage,
  sink: QueuedSink,
  byImage: ByImage,
): readonly string[] {
  const posts = byImage.get(`${sink} ${image.digest}`) ?? [];
  const keys = new Set(posts.map(({ delivery }) => delivery.key));
  const open = manifests.flatMap(({ scans }) => scans.at(-1)?.criticals ?? []);
  const isTold =
    open.length > 0
      ? isWithinTold(open, manifests, keys) || isToldByPlatform(manifests, sink, byImage)
      : !hasOpened(keys) || [...keys].some((key) => key.startsWith('resolved-'));
  const isMeasured =
    sink !== 'datadog' || hasMeasurement(posts) || manifests.every((it) => isMeasuredAlone(it, byImage));
  return isTold && isMeasured ? [] : [`${sink} ${tag}`];
}

/** Fewer than were told are no news: some set that was told holds all that are open. */
function isWithinTold(
  open: readonly string[],
  manifests: WorldImage['manifests'],
  keys: ReadonlySet<string>,
): boolean {
  const [first, second] = manifests.map(({ scans }) => [[], ...scans.map(({ criticals }) => criticals)]);
  const states = (first ?? []).flatMap((one) => (second ?? [[]]).map((other) => [...one, ...other]));
  return states.some(
    (told) => open.every((id) => told.includes(id)) && isToldIn(keys, `open-${fingerprint(told)}`),
  );
}

/** A set that came back after people had heard that all is clear has a key of its own. */
function isToldIn(keys: ReadonlySet<string>, key: string): boolean {
  return keys.has(key) || [...keys].some((it) => it.startsWith(`${key}-after-`));
}

function hasMeasurement(posts: readonly Post[]): boolean {
  return posts.some(({ delivery }) => delivery.kind === 'measurement');
}

function isMeasuredAlone({ digest }: WorldImage['manifests'][number], byImage: ByImage): boolean {
  return hasMeasurement(byImage.get(`datadog ${digest}`) ?? []);
}

function hasOpened(keys: ReadonlySet<string>): boolean {
  return [...keys].some((key) => key.startsWith('open-'));
}

/** A platform whose index was recorded too late speaks for itself. */
function isToldByPlatform(manifests: WorldImage['manifests'], sink: QueuedSink, byImage: ByImage): boolean {
  if (manifests.length === 1) return false;
  return manifests.every(({ digest, scans }) => {
    const open = scans.at(-1)?.criticals ?? [];
    const posts = byImage.get(`${sink} ${digest}`) ?? [];
    const keys = new Set(posts.map(({ delivery }) => delivery.key));
    return open.length === 0 || isToldIn(keys, `open-${fingerprint(open)}`);
  });
}

/** Of a plain image every count of critical findings is that of one of its scans. */
function falseCountsOf({ image, tag, kind, manifests }: WorldImage, byImage: ByImage): readonly string[] {
  if (kind !== 'image') return [];
  const true_ = new Set(manifests.flatMap(({ scans }) => scans.map(({ criticals }) => criticals.length)));
  const posts = byImage.get(`datadog ${image.digest}`) ?? [];
  return posts.flatMap(({ delivery }) => {
    if (delivery.kind !== 'measurement') return [];
    const isTrue = delivery.gauges.every(({ counts }) => true_.has(counts.CRITICAL));
    return isTrue ? [] : [tag];
  });
}
