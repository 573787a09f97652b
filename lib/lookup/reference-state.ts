import type { Digest } from '../image/digest.ts';
import { deletionBetween } from '../image/mark.ts';
import type { Provenance } from '../image/provenance.ts';
import { commitOf, type ImageRecord } from '../image/record.ts';
import type { TagHead } from '../image/tag-head.ts';
import type { Instant } from '../instant.ts';
import type { FollowedReference } from '../policy/followed.ts';
import type { OpenFindings } from '../policy/open-findings.ts';
import { NEWEST_PUSH } from '../policy/policy.ts';
import type { Counted } from '../policy/shown.ts';
import { doubtfulZeros, type ScanFact } from '../scan/scan.ts';

/** What a reference points to now, and what is known to be open in that. */
export interface ReferenceState extends Partial<Counted> {
  /** A tag, or `NEWEST_PUSH`. */
  readonly reference: string;
  readonly digest: Digest;
  /** Since when it points there; of the newest push when that was. */
  readonly since: Instant;
  /** `waiting`: it moved lately, and no scan of its image is on record yet. Neither that nor `not-scanned` is clean. */
  readonly state: 'scanned' | 'not-scanned' | 'waiting';
  /** What AWS, or we, call the scan that cannot be read; absent where nothing was told of one. */
  readonly status?: string;
  /** Since when something at or above the policy's threshold has been open without a break. */
  readonly openSince?: Instant;
  /** What was counted is of another image, to which it pointed before: only where it is not scanned now. */
  readonly before?: Pick<OpenFindings, 'digest'> & Partial<Counted>;
  readonly provenance?: Provenance;
}

/** Where a reference points, and since when. */
export interface Pointed {
  readonly digest: Digest;
  readonly since: Instant;
}

/** A move may take this long to be answered; then it is called not scanned. As the service itself does by default. */
const WAITED_MS = 3_600_000;

/** Where a reference points by all that was told; undefined for a tag that was deleted. */
export function pointedBy(
  { open, unscanned }: FollowedReference,
  head: TagHead | undefined,
): Pointed | undefined {
  if (head?.at) return head.digest && { digest: head.digest, since: head.at };
  const look = unscanned ?? open;
  return look && { digest: look.digest, since: look.pushedAt };
}

/** True when the image left the registry after the reference was pointed to it. */
export function isGone(record: ImageRecord | undefined, { since }: Pointed): boolean {
  return record !== undefined && deletionBetween(record.marks, since) !== undefined;
}

/** Whether there is anything to ask of the scans on record: the baseline is of another image, or has no counts. */
export function lacksCounts({ open, unscanned }: FollowedReference, { digest }: Pointed): boolean {
  if (unscanned?.digest === digest) return false;
  return open?.digest !== digest || !countedOf(open);
}

/** What is known of a reference. `scan` is the newest of its image, where the baseline has no counts of it. */
export function stateOf(
  { reference, open, unscanned }: FollowedReference,
  { digest, since }: Pointed,
  known: {
    readonly record?: ImageRecord | undefined;
    readonly scan?: ScanFact | undefined;
    readonly now: Date;
  },
): ReferenceState {
  const { record, scan, now } = known;
  const provenance = record && commitOf(record);
  const place = { reference, digest, since, ...(provenance && { provenance }) };
  const scanned = unscanned?.digest === digest ? undefined : scannedAs(open, digest, scan);
  if (scanned) return { ...place, state: 'scanned', ...scanned };
  const isTold = unscanned?.digest === digest;
  const isLate = now.getTime() - Date.parse(since) > WAITED_MS;
  return {
    ...place,
    state: isTold || isLate ? 'not-scanned' : 'waiting',
    ...(isTold && { status: unscanned.status }),
    ...(open && open.digest !== digest && { before: { digest: open.digest, ...countedOf(open) } }),
  };
}

/** What is open in an image by the baseline, or by its scan; undefined where neither is of this image. */
function scannedAs(
  open: OpenFindings | undefined,
  digest: Digest,
  scan: ScanFact | undefined,
): Pick<ReferenceState, 'openSince' | keyof Counted> | undefined {
  if (open?.digest !== digest) return scannedCounts(scan);
  const { openedAt } = open;
  return { ...(openedAt && { openSince: openedAt }), ...(countedOf(open) ?? scannedCounts(scan)) };
}

/** What the baseline counted; undefined where an earlier release left no counts, or gauges that are shown elsewhere. */
function countedOf({ reference, counted, shown }: OpenFindings): Counted | undefined {
  if (counted) return counted;
  if (!shown || (reference === NEWEST_PUSH && shown.closedAt)) return undefined;
  const { closedAt: _, ...counts } = shown;
  return counts;
}

/** What a scan on record counts, with what rules ignore; undefined where none of its platforms was read. */
export function scannedCounts(scan: ScanFact | undefined): Counted | undefined {
  if (!scan?.platforms.some(({ state }) => state === 'scanned')) return undefined;
  const unknown = doubtfulZeros(scan);
  return { scanType: scan.type, counts: scan.counts, ...(unknown.length > 0 && { unknown }) };
}
