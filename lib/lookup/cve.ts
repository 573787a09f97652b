import type { Repository } from '../image/reference.ts';
import type { Instant, Period } from '../instant.ts';
import { type AffectedImage, describeAffected } from './affected-image.ts';
import { inTurns } from './in-turns.ts';
import { type NotFound, notFound } from './missing.ts';
import type { LookupPorts } from './ports.ts';
import { type Sighting, sightingsIn } from './sighting.ts';
import { type Use, usesOf } from './use.ts';

/** Where a finding is, by the scans on record, and what runs it. */
export interface CveAnswer {
  readonly found: 'one';
  readonly id: string;
  /** Asked for what ran in this time; absent when asked for now. */
  readonly period?: Period;
  readonly repositories: readonly AffectedRepository[];
  /** Newest push first: the newest, and every one that is in `services`. */
  readonly images: readonly AffectedImage[];
  /** What runs one of the images, or ran one in the period. */
  readonly services: readonly AffectedUse[];
  /** The same images on a platform that the finding is not on. */
  readonly elsewhere: readonly AffectedUse[];
  readonly bounds: CveBounds;
}

interface AffectedRepository extends Repository {
  /** Images in which scans list it, and of those that once did. */
  readonly listed: number;
  readonly noLongerListed: number;
}

export interface AffectedUse extends Use {
  /** The image whose scan lists it; another digest than the run's where one is an index. */
  readonly scanned: AffectedImage['digest'];
  readonly noLongerListedSince?: Instant;
}

interface CveBounds {
  readonly imagesFound: number;
  readonly imagesDescribed: number;
  /** The newest, that were held against what runs: an older one may run without being in the answer. */
  readonly imagesChecked: number;
  /** False when a repository has more scanned images than were read. */
  readonly isWhole: boolean;
  /** Images of which the mildest findings are not indexed, being too many. */
  readonly imagesCutShort: number;
  /** What cannot be in any answer. */
  readonly notIncluded: readonly string[];
}

/** Newest images that are described with tags and commits, besides those that run. */
const DESCRIBED = 100;
/** Newest images that are held against what runs: some seconds of look-ups. */
const CHECKED = 3000;
const NOT_INCLUDED = [
  'scans and tasks of which nothing was told since this was deployed',
  'tasks of which ECS did not say what they pulled',
];

/** Answers "which images have this, and which services run them now, or ran them then?" from scans and ECS's events. */
export async function cve(
  id: string,
  period: Period | undefined,
  ports: LookupPorts,
): Promise<CveAnswer | NotFound> {
  const repositories = await ports.findSightings(id);
  const read = await inTurns(repositories, (repository) => sightingsIn(repository, id, ports));
  const sightings = read.flatMap((it) => it.sightings).sort((a, b) => (a.pushedAt < b.pushedAt ? 1 : -1));
  if (sightings.length === 0)
    return notFound(`no scan on record lists ${id}; images that were never scanned may have it`);
  const checked = sightings.slice(0, CHECKED);
  const uses = (await inTurns(checked, (it) => usesIn(it, period, ports))).flat();
  const images = await inTurns(worthDescribing(sightings, uses), (it) => describeAffected(it, ports));
  return {
    ...{ found: 'one', id, ...(period && { period }) },
    repositories: repositories
      .map((it) => countIn(it, sightings))
      .filter(({ listed, noLongerListed }) => listed + noLongerListed > 0),
    images,
    services: distinct(uses.filter(({ isThatPlatform }) => isThatPlatform !== false)),
    elsewhere: distinct(uses.filter(({ isThatPlatform }) => isThatPlatform === false)),
    bounds: {
      imagesFound: sightings.length,
      imagesDescribed: images.length,
      imagesChecked: checked.length,
      isWhole: read.every((it) => it.isWhole),
      imagesCutShort: read.reduce((sum, it) => sum + it.cutShort, 0),
      notIncluded: NOT_INCLUDED,
    },
  };
}

/** What runs or ran, however old, and the newest of the others. */
function worthDescribing(sightings: readonly Sighting[], uses: readonly AffectedUse[]): readonly Sighting[] {
  const used = new Set(uses.map(({ scanned }) => scanned));
  return sightings.filter(({ image }, index) => index < DESCRIBED || used.has(image.digest));
}

async function usesIn(
  { image, platforms, until }: Sighting,
  period: Period | undefined,
  ports: LookupPorts,
): Promise<readonly AffectedUse[]> {
  const uses = await usesOf(image, platforms, ports);
  return uses
    .filter((use) => wasIn(use, period))
    .map((use) => ({ ...use, scanned: image.digest, ...(until && { noLongerListedSince: until }) }));
}

/** Now: a task runs. In a period: the run overlaps it; one whose end was never told is taken to have ended at once. */
function wasIn({ startedAt, lastStoppedAt, tasks }: Use, period: Period | undefined): boolean {
  if (!period) return tasks > 0;
  return startedAt <= period.to && (tasks > 0 || period.from <= (lastStoppedAt ?? startedAt));
}

/** An index and its platform may both have been scanned: a run is told once, of what is still listed rather. */
function distinct(uses: readonly AffectedUse[]): readonly AffectedUse[] {
  const byRun = new Map<string, AffectedUse>();
  for (const use of uses) {
    const { account, region, cluster, name } = use.workload;
    const key = [account, region, cluster, name, use.deployment, use.name, use.digest, use.architecture].join(
      ' ',
    );
    const other = byRun.get(key);
    if (!other || (other.noLongerListedSince && !use.noLongerListedSince)) byRun.set(key, use);
  }
  return [...byRun.values()].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

function countIn({ account, region, name }: Repository, sightings: readonly Sighting[]): AffectedRepository {
  const here = sightings.filter(
    ({ image: { repository: it } }) => it.account === account && it.region === region && it.name === name,
  );
  const listed = here.filter(({ until }) => !until).length;
  return { account, region, name, listed, noLongerListed: here.length - listed };
}
