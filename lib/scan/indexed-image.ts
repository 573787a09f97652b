import type { Platform } from '../image/platform.ts';
import type { Image } from '../image/reference.ts';
import { raw } from '../image/untrusted.ts';
import type { Instant } from '../instant.ts';
import type { Finding } from './finding.ts';
import { isComplete, type Scan } from './scan.ts';
import { bySeverity, type Severity } from './severity.ts';

/** One vulnerability of one image, with the time that scans have listed it. */
export interface IndexedFinding {
  readonly id: string;
  readonly severity: Severity;
  /** Where, when the image has several platforms. */
  readonly platforms: readonly Platform[];
  /** When a scan that lists it was first read. */
  readonly since: Instant;
  /** When a whole scan was first read that does not list it any more; absent while it is listed. */
  readonly until?: Instant;
}

/** What the scans of one image have found, for who looks from a CVE to images. */
export interface FoundList {
  readonly found: readonly IndexedFinding[];
  /** Ids that did not fit, of the mildest; or that no index could hold. */
  readonly leftOut: number;
}

/** The list of one image, and when the newest of its scans was read. */
export interface IndexedImage extends FoundList {
  readonly image: Image;
  readonly pushedAt: Instant;
  readonly readAt: Instant;
}

/** Ids of one image that are kept, worst first: an image with more has other troubles. */
const MOST_IDS = 1000;

/** CVE, GHSA and the advisories of distributions; nothing that could be mistaken for a part of a key. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{2,63}$/;

/** True for what can be looked up. */
export function isFindingId(text: string): boolean {
  return ID.test(text);
}

/** The list after another scan was read at an instant; undefined when it would say nothing new. */
export function foundAfter(
  before: FoundList | undefined,
  scan: Scan,
  readAt: Instant,
): FoundList | undefined {
  const isWhole = isComplete(scan) && !scan.short;
  const listed = listedBy(scan.findings);
  const known = new Map(before?.found.map((it) => [it.id, it]));
  const kept = [...listed.values()].slice(0, MOST_IDS);
  const leftOut = listed.size - kept.length + unnamed(scan.findings);
  const now = kept.map((it): IndexedFinding => {
    const earlier = known.get(it.id);
    const platforms = isWhole || !earlier ? it.platforms : union(earlier.platforms, it.platforms);
    return { ...it, platforms, since: earlier?.since ?? readAt };
  });
  const gone = (before?.found ?? []).filter(({ id }) => !listed.has(id));
  const found = [...now, ...gone.map((it) => (isWhole && !it.until ? { ...it, until: readAt } : it))];
  const list = { found: found.slice(0, 2 * MOST_IDS), leftOut };
  return before && JSON.stringify(list) === JSON.stringify(before) ? undefined : list;
}

/** Each id once, worst first, with the worst severity and every platform that any finding names. */
function listedBy(findings: readonly Finding[]): ReadonlyMap<string, Omit<IndexedFinding, 'since'>> {
  const listed = new Map<string, Omit<IndexedFinding, 'since'>>();
  const sorted = [...findings].sort((a, b) => bySeverity(a, b) || (raw(a.id) < raw(b.id) ? -1 : 1));
  for (const { id, severity, platforms } of sorted) {
    const name = raw(id);
    if (!isFindingId(name)) continue;
    const worse = listed.get(name);
    listed.set(name, {
      id: name,
      severity: worse?.severity ?? severity,
      platforms: union(worse?.platforms ?? [], platforms),
    });
  }
  return listed;
}

function unnamed(findings: readonly Finding[]): number {
  return new Set(findings.map(({ id }) => raw(id)).filter((id) => !isFindingId(id))).size;
}

function union(some: readonly Platform[], others: readonly Platform[]): readonly Platform[] {
  return [...new Set([...some, ...others])].sort();
}
