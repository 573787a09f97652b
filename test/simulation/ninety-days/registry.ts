import { type Digest, parseDigest } from '../../../lib/image/digest.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import { toInstant } from '../../../lib/instant.ts';
import type { Finding } from '../../../lib/scan/finding.ts';
import { countBySeverity } from '../../../lib/scan/severity.ts';
import type { World, WorldImage } from '../world.ts';
import type { Source } from './team.ts';

/** What was pushed once: its own tag never moves, `latest` does. */
export interface Pushed extends WorldImage {
  readonly source: Source;
  readonly isMain: boolean;
  /** What every platform has; more may be published of it. */
  findings: readonly Finding[];
}

interface ScanState {
  completedMs: number;
  findings: readonly Finding[];
}

/** A registry in which `latest` moves, and what AWS would answer of its scans now. */
export interface MovingRegistry {
  readonly world: World;
  readonly push: (source: Source, isMain: boolean, findings: readonly Finding[], pushedMs: number) => Pushed;
  readonly scan: (digest: Digest, findings: readonly Finding[], completedMs: number) => void;
  /** The image that `latest` points to, and the newest push. */
  readonly followed: (source: Source) => readonly Pushed[];
  readonly isLatest: (pushed: Pushed) => boolean;
  readonly isNewest: (pushed: Pushed) => boolean;
}

const LATEST = parseTag('latest');
const PLATFORMS = ['linux/amd64', 'linux/arm64'];

export function movingRegistry(): MovingRegistry {
  const byDigest = new Map<Digest, Pushed>();
  const scans = new Map<Digest, ScanState>();
  const latest = new Map<Source, Pushed>();
  const newest = new Map<Source, Pushed>();
  let images = 0;

  function push(source: Source, isMain: boolean, findings: readonly Finding[], pushedMs: number): Pushed {
    images += 1;
    const digests = [0, 1, 2].map((part) => aDigest(images * 4 + part));
    const [digest, ...children] = digests as [Digest, ...Digest[]];
    const manifests = (source.isIndex ? children : [digest]).map((it) => ({ digest: it, scans: [] }));
    const kind = source.isIndex ? ('index' as const) : ('image' as const);
    const tag = parseTag(images.toString(16).padStart(40, 'a'));
    const image = { repository: source.repository, digest };
    const pushed = { image, tag, kind, pushedMs, manifests, source, isMain, findings };
    for (const it of [digest, ...manifests.map((each) => each.digest)]) byDigest.set(it, pushed);
    newest.set(source, pushed);
    if (isMain) latest.set(source, pushed);
    return pushed;
  }

  const isLatest = (pushed: Pushed) => latest.get(pushed.source) === pushed;
  const world: World = {
    ...{ images: [], scanCount: 0, endMs: 0 },
    findImage(of) {
      const pushed = byDigest.get(of.digest);
      if (!pushed) return undefined;
      const isWhole = of.digest === pushed.image.digest;
      return {
        image: { ...pushed.image, digest: of.digest },
        kind: isWhole ? pushed.kind : 'image',
        tags: isWhole ? [pushed.tag, ...(isLatest(pushed) ? [LATEST] : [])] : [],
        pushedAt: toInstant(new Date(pushed.pushedMs)),
      };
    },
    findIndex(of) {
      const { kind, manifests = [] } = byDigest.get(of.digest) ?? {};
      const children = kind === 'index' ? manifests : [];
      return {
        platforms: children.map(({ digest }, nth) => ({ digest, platform: PLATFORMS[nth] ?? '' })),
        attestations: [],
      };
    },
    findScan(of) {
      const scan = scans.get(of.digest);
      if (!scan) return { state: 'pending', status: 'NOT_FOUND' };
      const { findings, completedMs } = scan;
      const counts = countBySeverity(findings);
      const completedAt = toInstant(new Date(completedMs));
      return { state: 'scanned', type: 'enhanced', completedAt, counts, findings };
    },
  };
  return {
    world,
    push,
    scan: (digest, findings, completedMs) => void scans.set(digest, { findings, completedMs }),
    followed: (source) => [...new Set([latest.get(source), newest.get(source)].flatMap((it) => it ?? []))],
    isLatest,
    isNewest: (pushed) => newest.get(pushed.source) === pushed,
  };
}

function aDigest(number: number): Digest {
  return parseDigest(`sha256:${number.toString(16).padStart(12, '0')}${'0'.repeat(52)}`);
}
