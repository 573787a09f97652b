import { type Digest, parseDigest } from '../../lib/image/digest.ts';
import type { ImageIndex } from '../../lib/image/manifest.ts';
import type { RegisteredImage } from '../../lib/image/record.ts';
import { type Image, parseTag, type Repository, type Tag } from '../../lib/image/reference.ts';
import { untrusted } from '../../lib/image/untrusted.ts';
import { toInstant } from '../../lib/instant.ts';
import type { Finding } from '../../lib/scan/finding.ts';
import type { Reading } from '../../lib/scan/scan.ts';
import { countBySeverity } from '../../lib/scan/severity.ts';
import type { Chance } from './chance.ts';

/** One scan of one manifest. */
interface WorldScan {
  readonly completedMs: number;
  /** Until then its findings cannot be read. */
  readonly readableMs: number;
  readonly criticals: readonly string[];
  readonly highs: readonly string[];
}

/** One manifest that is scanned: a plain image, or a platform of an index. */
interface Manifest {
  readonly digest: Digest;
  readonly scans: readonly WorldScan[];
}

/** What was pushed once, under a tag of its own, with its scans in the order of their times. */
export interface WorldImage {
  readonly image: Image;
  /** People follow it, and nothing else ever gets it: what is told of an image depends on no other. */
  readonly tag: Tag;
  readonly kind: 'image' | 'index';
  readonly pushedMs: number;
  readonly manifests: readonly Manifest[];
}

export interface World {
  readonly images: readonly WorldImage[];
  readonly scanCount: number;
  /** When the last of it has happened. */
  readonly endMs: number;
  readonly findImage: (image: Image) => RegisteredImage | undefined;
  readonly findIndex: (image: Image) => ImageIndex | undefined;
  readonly findScan: (image: Image, nowMs: number) => Reading;
}

const REPOSITORIES = Array.from({ length: 97 }, (_, number) => ({
  account: '111122223333',
  region: 'eu-west-1',
  name: `team-${number % 7}/service-${number}`,
}));

const PLATFORMS = ['linux/amd64', 'linux/arm64'];

/** Makes the image with that number. */
export type MakeImage = (number: number) => WorldImage;

/** A world of about so many scans within so many seconds. */
export function aWorld(
  scans: number,
  chance: Chance,
  { startMs, seconds }: { readonly startMs: number; readonly seconds: number },
): World {
  return worldOf(scans, (number) => anImage(number, startMs + chance.between(0, seconds * 1000), chance));
}

/** A world in which images are made until there are so many scans. */
export function worldOf(scans: number, make: MakeImage): World {
  const images: WorldImage[] = [];
  const byDigest = new Map<Digest, { readonly image: WorldImage; readonly manifest?: Manifest }>();
  let scanCount = 0;
  let endMs = 0;
  while (scanCount < scans) {
    const image = make(images.length);
    images.push(image);
    byDigest.set(image.image.digest, { image });
    for (const manifest of image.manifests) {
      byDigest.set(manifest.digest, { image, manifest });
      scanCount += manifest.scans.length;
      endMs = Math.max(endMs, image.pushedMs, manifest.scans.at(-1)?.completedMs ?? 0);
    }
  }
  return {
    images,
    scanCount,
    endMs,
    findImage(of) {
      const found = byDigest.get(of.digest);
      return found && registered(found.image, of.digest);
    },
    findIndex(of) {
      const found = byDigest.get(of.digest);
      if (found?.image.kind !== 'index') return { platforms: [], attestations: [] };
      const platforms = found.image.manifests.map(({ digest }, index) => ({
        digest,
        platform: PLATFORMS[index] ?? '',
      }));
      return { platforms, attestations: [] };
    },
    findScan(of, nowMs) {
      const manifest = byDigest.get(of.digest)?.manifest;
      return manifest ? reading(manifest, nowMs) : { state: 'gone' };
    },
  };
}

/** One in seven is an index of two platforms; one in four is scanned twice. */
export function anImage(
  number: number,
  pushedMs: number,
  chance: Chance,
  kind: WorldImage['kind'] = chance.hits(1 / 7) ? 'index' : 'image',
): WorldImage {
  const repository = REPOSITORIES[number % REPOSITORIES.length] as Repository;
  const digests = [0, 1, 2].map((part) => aDigest(number * 4 + part));
  const [own, ...children] = digests as [Digest, ...Digest[]];
  const scans = (prefix: string) => someScans(`${number}-${prefix}`, pushedMs, chance);
  const manifests =
    kind === 'image'
      ? [{ digest: own, scans: scans('a') }]
      : children.map((digest, index) => ({ digest, scans: scans(`${index}`) }));
  const tag = parseTag(`app-${number}-latest`);
  return { image: { repository, digest: own }, tag, kind, pushedMs, manifests };
}

function someScans(prefix: string, pushedMs: number, chance: Chance): readonly WorldScan[] {
  const completedMs = pushedMs + chance.between(5_000, 60_000);
  const count = chance.hits(0.2) ? 0 : chance.between(1, 4);
  const criticals = Array.from({ length: count }, (_, index) => `CVE-2026-${prefix}-${index}`);
  const first = {
    completedMs,
    readableMs: completedMs + unready(chance),
    criticals,
    highs: [`HIGH-${prefix}`],
  };
  if (!chance.hits(0.25)) return [first];
  const again = completedMs + chance.between(600_000, 3_600_000);
  const kinds = [criticals, [...criticals, `CVE-2026-${prefix}-new`], []];
  const second = { ...first, completedMs: again, readableMs: again + unready(chance) };
  return [first, { ...second, criticals: kinds[chance.between(0, 3)] ?? [] }];
}

/** COMPLETE comes seconds before the findings can be read, at times (aws/aws-sdk#289). */
function unready(chance: Chance): number {
  return chance.hits(0.05) ? chance.between(1_000, 40_000) : 0;
}

function registered({ image, tag, kind, pushedMs }: WorldImage, digest: Digest): RegisteredImage {
  const isWhole = digest === image.digest;
  return {
    image: { ...image, digest },
    kind: isWhole ? kind : 'image',
    tags: isWhole ? [tag] : [],
    pushedAt: toInstant(new Date(pushedMs)),
  };
}

function reading({ scans }: Manifest, nowMs: number): Reading {
  const scan = scans.findLast(({ completedMs }) => completedMs <= nowMs);
  if (!scan) return { state: 'pending', status: 'NOT_FOUND' };
  if (scan.readableMs > nowMs) return { state: 'pending', status: 'COMPLETE' };
  const findings = findingsOf(scan);
  const completedAt = toInstant(new Date(scan.completedMs));
  return { state: 'scanned', type: 'enhanced', completedAt, counts: countBySeverity(findings), findings };
}

function findingsOf({ criticals, highs }: WorldScan): readonly Finding[] {
  const finding = (id: string, severity: Finding['severity']): Finding => ({
    id: untrusted(id),
    severity,
    packages: [{ name: untrusted('openssl'), version: untrusted('3.0.1'), fixedIn: untrusted('3.0.2') }],
    score: 9.1,
    fix: 'all',
    platforms: [],
  });
  return [...criticals.map((id) => finding(id, 'CRITICAL')), ...highs.map((id) => finding(id, 'HIGH'))];
}

function aDigest(number: number): Digest {
  return parseDigest(`sha256:${number.toString(16).padStart(12, '0')}${'0'.repeat(52)}`);
}
