import { type Digest, digestOf } from '../../lib/image/digest.ts';
import type { Evidence } from '../../lib/image/evidence.ts';
import type { ImageIndex, ImageKind } from '../../lib/image/manifest.ts';
import type { RegisteredImage } from '../../lib/image/record.ts';
import { parseTag } from '../../lib/image/reference.ts';
import { type Instant, toInstant } from '../../lib/instant.ts';
import type { ImageAction, ScanHint } from '../../lib/intake/event.ts';
import { parsePush } from '../../lib/intake/parse.ts';
import { aRepository } from '../build/lineage.ts';
import type { Chance } from './chance.ts';
import { makeScans, type Readings, readingsOf } from './lineage-scans.ts';

/** What happened to one repository, and what its registry says of it whenever it is asked. */
export interface Scene {
  /** In no order; some are there twice. */
  readonly events: readonly ImageAction[];
  readonly registered: readonly RegisteredImage[];
  readonly indexes: ReadonlyMap<string, ImageIndex>;
  /** In one scene of seven: of an image, of the platforms of an index, of an attestation, of what is gone. */
  readonly scans: readonly ScanHint[];
  readonly readings: Readings;
  /** What was told of a scan has waited in vain before anybody hears of it. */
  readonly isLate: boolean;
  /** What the documents of an image say; of the others they are read another time. */
  readonly evidence: ReadonlyMap<Digest, readonly Evidence[]>;
}

const repository = aRepository();
const START_MS = Date.parse('2026-11-20T03:00:00Z');
/** After everything that happens. */
export const NOW = new Date('2026-11-20T12:00:00Z');

const FULL = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const TAGS = ['latest', 'v1.2.3', '0a1b2c3', FULL, 'main-9f8e7d6', 'main-0a1b2c3d4e'];
const OTHER_TAGS = ['buildcache', `sha256-${'a'.repeat(64)}.sig`];

const MEDIA_TYPES = {
  image: ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.oci.image.config.v1+json'],
  index: ['application/vnd.oci.image.index.v1+json', undefined],
  cache: ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.buildkit.cacheconfig.v0'],
} as const;

/** Two images, two indexes, a build cache; of an image and of an index nothing is left in the registry. */
const CAST = (['image', 'index', 'cache', 'image', 'index'] as const).map((kind, nth) => ({
  kind,
  digest: digestOf(`manifest ${nth}`),
  isGone: nth > 2,
}));

const INDEXES: Scene['indexes'] = new Map(
  CAST.filter(({ kind, isGone }) => kind === 'index' && !isGone).map(({ digest }) => [
    digest,
    {
      platforms: ['amd64', 'arm64'].map((it) => ({ digest: digestOf(it), platform: `linux/${it}` as never })),
      attestations: [digestOf('attestation')],
    },
  ]),
);

const LISTED_DIGESTS = [...INDEXES.values()].flatMap(({ platforms, attestations }) => [
  ...platforms.map(({ digest }) => digest),
  ...attestations,
]);
const ATTESTATIONS = [...INDEXES.values()].flatMap(({ attestations }) => attestations);
const EVIDENCE: Scene['evidence'] = new Map([
  [
    digestOf('manifest 0'),
    [
      {
        commit: '9f8e7d6'.padEnd(40, '0'),
        tier: 'builder',
        source: { from: 'provenance', document: digestOf('provenance'), field: 'configSource.digest' },
      },
    ],
  ],
]);
/** To the registry of before artifacts an attestation is an image. */
const LISTED: Scene['registered'] = LISTED_DIGESTS.map((digest) => ({
  ...{ image: { repository, digest }, kind: 'image', tags: [] },
  pushedAt: toInstant(new Date(START_MS - 1000)),
}));
const SCANNED = CAST.filter(({ kind }) => kind === 'image')
  .map(({ digest }) => digest)
  .concat(LISTED_DIGESTS)
  .map((digest) => ({ repository, digest }));

/** Up to `most` events of one repository in a few seconds and minutes, so that many of them tie. */
export function makeScene(dice: Chance, most: number): Scene {
  const count = dice.between(2, most + 1);
  const events: ImageAction[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const again = events[dice.between(0, events.length)];
    events.push(again && dice.hits(0.15) ? again : parsePush(JSON.stringify(anEvent(nth, dice))));
  }
  const registered = CAST.filter(({ isGone }) => !isGone).map(({ digest, kind }, nth) => ({
    image: { repository, digest },
    kind: kind satisfies ImageKind,
    tags: TAGS.filter((_, at) => at % 2 === nth).map(parseTag),
    pushedAt: instantAt(dice.between(0, 4)),
  }));
  const scans = dice.hits(0.15) ? makeScans(SCANNED, dice) : [];
  const isLate = scans.length > 0 && dice.hits(0.5);
  return {
    // What is read of the past says nothing of scans: told after them it leaves them as they are.
    events: isLate ? events.filter(({ source }) => source !== 'backfill') : events,
    registered: [...registered, ...LISTED],
    ...{ indexes: INDEXES, scans, readings: readingsOf(scans, ATTESTATIONS), isLate, evidence: EVIDENCE },
  };
}

/** The events in another order, each order as likely as any other. */
export function shuffled<T>(items: readonly T[], dice: Chance): readonly T[] {
  const all = [...items];
  for (let last = all.length - 1; last > 0; last -= 1) {
    const other = dice.between(0, last + 1);
    [all[last], all[other]] = [all[other] as T, all[last] as T];
  }
  return all;
}

function instantAt(second: number): Instant {
  return toInstant(new Date(START_MS + second * 1000));
}

function anEvent(nth: number, dice: Chance): object {
  const second = dice.hits(0.5) ? dice.between(0, 6) : dice.between(0, 60) * 60;
  const { digest, kind } = pick(CAST, dice);
  const tag = pick(kind === 'cache' || dice.hits(0.05) ? OTHER_TAGS : TAGS, dice);
  const [manifest, artifact] = MEDIA_TYPES[kind];
  const mediaTypes = {
    'manifest-media-type': manifest,
    ...(artifact && { 'artifact-media-type': artifact }),
  };
  const image = { 'image-digest': digest, 'image-tag': tag };
  const { type, source = 'aws.ecr', detail } = pick(HAPPENINGS, dice)({ image, mediaTypes, second, dice });
  return {
    id: `event-${nth}`,
    'detail-type': type,
    source,
    account: repository.account,
    region: repository.region,
    time: instantAt(second),
    detail: { 'repository-name': repository.name, ...detail },
  };
}

interface Telling {
  readonly image: { readonly 'image-digest': string; readonly 'image-tag': string };
  readonly mediaTypes: object;
  readonly second: number;
  readonly dice: Chance;
}

interface Told {
  readonly type: string;
  readonly source?: string;
  readonly detail: object;
}

const action = (name: string, detail: object, source?: string): Told => ({
  type: 'ECR Image Action',
  ...(source && { source }),
  detail: { 'action-type': name, result: 'SUCCESS', ...detail },
});
const window = ({ second, dice }: Telling) => ({
  ...(dice.hits(0.5) && { 'not-before': instantAt(Math.max(0, second - 120)) }),
  'not-after': instantAt(second + dice.between(0, 200)),
});

const HAPPENINGS: readonly ((it: Telling) => Told)[] = [
  ...Array.from(
    { length: 5 },
    () =>
      ({ image, mediaTypes }: Telling) =>
        action('PUSH', { ...image, ...mediaTypes }),
  ),
  ({ image }) => action('PUSH', image),
  ({ image, mediaTypes }) => action('PUSH', { ...image, ...mediaTypes, 'image-tag': '' }),
  ({ image }) => action('DELETE', image),
  ({ image }) => action('DELETE', { 'image-tag': image['image-tag'] }),
  ({ image }) => action('DELETE', { 'image-digest': image['image-digest'] }),
  ({ image }) => action('UPDATE_STORAGE_CLASS', { ...image, 'target-storage-class': 'ARCHIVE' }),
  ({ image }) => action('UPDATE_STORAGE_CLASS', { ...image, 'target-storage-class': 'STANDARD' }),
  (it) => action('PUSH', { ...it.image, ...it.mediaTypes, ...window(it) }, 'scan-response.reconcile'),
  (it) => action('DELETE', { ...it.image, ...window(it) }, 'scan-response.reconcile'),
  ({ image, mediaTypes }) =>
    action('PUSH', { ...image, ...mediaTypes, actor: 'role/ci' }, 'scan-response.backfill'),
  ({ image }) => ({
    type: 'ECR Replication Action',
    detail: {
      ...image,
      ...{ 'action-type': 'REPLICATE', result: 'SUCCESS' },
      ...{ 'source-account': '222233334444', 'source-region': 'us-east-1' },
    },
  }),
  ({ image }) => ({ type: 'ECR Pull Through Cache Action', detail: { ...image, 'sync-status': 'SUCCESS' } }),
];

function pick<T>(from: readonly T[], dice: Chance): T {
  return from[dice.between(0, from.length)] as T;
}
