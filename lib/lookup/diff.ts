import { sameCommit } from '../image/commit.ts';
import type { Reference } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import { changeBetween, type ScanChange } from '../scan/scan-findings.ts';
import { together } from '../together.ts';
import type { Ambiguous, NotFound } from './missing.ts';
import type { LookupPorts } from './ports.ts';
import { type WhoAnswer, who } from './who.ts';

/** One side of a comparison: a reference at a moment. */
export interface Side {
  readonly reference: Reference;
  readonly at: Instant | undefined;
  readonly back: number;
}

/** What lies between two images: "what changed before it broke". */
export interface DiffAnswer {
  readonly found: 'one';
  readonly from: WhoAnswer;
  readonly to: WhoAnswer;
  readonly isSameImage: boolean;
  /** Absent when one of the two commits is not known. */
  readonly isSameCommit?: boolean;
  /** Absent when one of the two images has no scan on record. */
  readonly scans?: ScanChange;
}

/** Compares two images, each found as `who` finds it; the first that is not found is the answer. */
export async function diff(
  older: Side,
  newer: Side,
  ports: LookupPorts,
): Promise<DiffAnswer | NotFound | Ambiguous> {
  const ask = ({ reference, at, back }: Side) => who(reference, at, ports, { back, isPlain: true });
  const [from, to] = await together([ask(older), ask(newer)]);
  if (from.found !== 'one') return from;
  if (to.found !== 'one') return to;
  const [before, after] = await together([from, to].map((it) => ports.loadScanFindings(it)));
  const commits = [from, to].map(({ provenance }) => provenance?.best.commit);
  const [one, other] = commits;
  return {
    found: 'one',
    from: { ...from, ...(before && { scan: before.fact }) },
    to: { ...to, ...(after && { scan: after.fact }) },
    isSameImage: from.digest === to.digest,
    ...(one && other && { isSameCommit: sameCommit(one, other) }),
    ...(before && after && { scans: changeBetween(before, after) }),
  };
}
