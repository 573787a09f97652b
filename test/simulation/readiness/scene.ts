import type { DescribeImageScanFindingsCommandInput, ECRClient } from '@aws-sdk/client-ecr';
import fc from 'fast-check';
import { SEVERITIES, type Severity } from '../../../lib/scan/severity.ts';

/** What ECR says at one moment about the scan of one image. */
export interface Saying {
  readonly status: string;
  /** Absent: no counts object, as in a scan that is not readable yet. */
  readonly counts?: Readonly<Partial<Record<Severity, number>>>;
  /** How many findings the pages list, by severity. */
  readonly listed: Readonly<Partial<Record<Severity, number>>>;
  readonly isEnhanced: boolean;
  readonly pageSize: number;
  /** Calls that are throttled before the first page comes. */
  readonly throttles: number;
}

/** An event's promise, and what ECR says from look to look; the last saying stays. */
export interface Scene {
  readonly promised: Readonly<Partial<Record<Severity, number>>>;
  readonly sayings: readonly Saying[];
}

const counts = (max: number) =>
  fc.record({ CRITICAL: fc.nat(max), HIGH: fc.nat(max), LOW: fc.nat(max) }, { requiredKeys: [] });

const saying: fc.Arbitrary<Saying> = fc.record(
  {
    status: fc.constantFrom('COMPLETE', 'ACTIVE', 'PENDING', 'IN_PROGRESS', 'FINDINGS_UNAVAILABLE', 'FAILED'),
    counts: counts(4),
    listed: counts(4),
    isEnhanced: fc.boolean(),
    pageSize: fc.integer({ min: 1, max: 5 }),
    throttles: fc.nat(2),
  },
  { requiredKeys: ['status', 'listed', 'isEnhanced', 'pageSize', 'throttles'] },
);

/** Half of the scenes are honest at the end: ECR lists and counts what was promised. */
export const scenes: fc.Arbitrary<Scene> = fc
  .record({
    promised: counts(4),
    sayings: fc.array(saying, { minLength: 1, maxLength: 4 }),
    isHonest: fc.boolean(),
  })
  .map(({ promised, sayings, isHonest }) => {
    const [last] = sayings.slice(-1);
    if (!isHonest || !last) return { promised, sayings };
    return {
      promised,
      sayings: [...sayings, { ...last, status: 'COMPLETE', counts: promised, listed: promised }],
    };
  });

export class Throttled extends Error {
  override readonly name = 'ThrottlingException';
}

/** ECR's client as `findScan` uses it: says what is said now, page by page. */
export function ecrSaying(now: () => { readonly saying: Saying; readonly isThrottled: boolean }): ECRClient {
  const send = async ({ input }: { readonly input: DescribeImageScanFindingsCommandInput }) => {
    const { saying: it, isThrottled } = now();
    if (isThrottled) throw new Throttled('Rate exceeded');
    const all = findingsOf(it);
    const from = Number(input.nextToken ?? 0);
    const page = all.slice(from, from + it.pageSize);
    const hasMore = from + it.pageSize < all.length;
    return {
      imageScanStatus: { status: it.status },
      imageScanFindings: {
        ...(it.counts && { findingSeverityCounts: it.counts }),
        ...(it.isEnhanced ? { enhancedFindings: page } : { findings: page }),
      },
      ...(hasMore && { nextToken: String(from + it.pageSize) }),
    };
  };
  return { send } as unknown as ECRClient;
}

function findingsOf({ listed, isEnhanced }: Saying): readonly object[] {
  return SEVERITIES.flatMap((severity) =>
    Array.from({ length: listed[severity] ?? 0 }, (_, nth) => {
      const name = `CVE-${severity}-${nth}`;
      return isEnhanced ? { title: name, severity, status: 'ACTIVE' } : { name, severity };
    }),
  );
}
