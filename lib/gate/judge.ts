import type { ImageKind } from '../image/manifest.ts';
import type { Untrusted } from '../image/untrusted.ts';
import { type Finding, isFixable } from '../scan/finding.ts';
import { mergeScans, type PlatformReading, platformState } from '../scan/merge.ts';
import type { PlatformState, Scan } from '../scan/scan.ts';
import { SEVERITIES, type Severity } from '../scan/severity.ts';
import type { Limits } from './limits.ts';

/** What is asked of an image before it may go on. */
export interface Question {
  readonly limits: Limits;
  /** Count what an update removes, and nothing else. */
  readonly onlyFixable: boolean;
  /** Findings that somebody decided not to count. */
  readonly ignored: (finding: Finding) => boolean;
}

/** Not scanned is a verdict of its own, and never "passed". */
export type Verdict = 'passed' | 'blocked' | 'unscanned';

/** Why a number may be too small. */
export type Doubt =
  | { readonly why: 'pending'; readonly platform: PlatformState; readonly status: string }
  | {
      readonly why: 'unscannable';
      readonly platform: PlatformState;
      readonly status: string;
      readonly description?: Untrusted;
    }
  | { readonly why: 'gone'; readonly platform: PlatformState }
  /** A list without platforms, or no image at all. */
  | { readonly why: 'nothing-to-scan' }
  | { readonly why: 'list-incomplete'; readonly severity: Severity }
  | { readonly why: 'fixes-unknown'; readonly severity: Severity };

/** The findings of one severity against its limit. */
interface Counted {
  readonly severity: Severity;
  readonly max: number;
  /** As many count for certain. */
  readonly count: number;
}

/** The answer to a question, with what it rests on. */
export interface Judgement {
  readonly verdict: Verdict;
  /** Absent when nothing could be read. */
  readonly scan?: Scan;
  readonly platforms: readonly PlatformState[];
  /** Worst first; severities with a limit only. Empty when nothing could be read. */
  readonly counted: readonly Counted[];
  /** Findings of the severities that are over their limit, worst first. */
  readonly blocking: readonly Finding[];
  readonly ignoredCount: number;
  readonly doubts: readonly Doubt[];
}

/**
 * Holds what is known of an image against limits. What is over a limit for certain blocks, whatever else may come;
 * a doubt about anything that has a limit is "unscanned"; only what is whole and within its limits passes.
 */
export function judge(
  kind: ImageKind,
  readings: readonly PlatformReading[],
  { limits, onlyFixable, ignored }: Question,
): Judgement {
  const scan = mergeScans(readings);
  const findings = scan?.findings ?? [];
  const taken = findings.filter((it) => !ignored(it));
  const tallies = SEVERITIES.flatMap((severity) => {
    const max = limits[severity];
    return scan && max !== undefined ? [{ severity, max, ...tally(scan, taken, severity, onlyFixable) }] : [];
  });
  const over = new Set(tallies.flatMap(({ severity, count, max }) => (count > max ? [severity] : [])));
  const nothing = readings.length === 0 || !['image', 'index'].includes(kind);
  const doubts: readonly Doubt[] = [
    ...(nothing ? [{ why: 'nothing-to-scan' } as const] : readings.flatMap(doubtOf)),
    ...tallies.flatMap(({ severity, max, most, isShort }): readonly Doubt[] => {
      if (isShort) return [{ why: 'list-incomplete', severity }];
      return most > max && !over.has(severity) ? [{ why: 'fixes-unknown', severity }] : [];
    }),
  ];
  return {
    verdict: over.size > 0 ? 'blocked' : doubts.length > 0 ? 'unscanned' : 'passed',
    ...(scan && { scan }),
    platforms: readings.map(platformState),
    counted: tallies.map(({ severity, max, count }) => ({ severity, max, count })),
    blocking: taken.filter((it) => over.has(it.severity) && (!onlyFixable || isFixable(it))),
    ignoredCount: findings.length - taken.length,
    doubts,
  };
}

/** True while waiting may change the answer: a scan that failed stays failed, and one finding too many stays one. */
export function mayChange({ verdict, doubts }: Judgement): boolean {
  return verdict === 'unscanned' && doubts.every(({ why }) => why === 'pending' || why === 'list-incomplete');
}

interface Tally {
  /** For certain. */
  readonly count: number;
  /** With all of which the scanner does not say whether there is a fix. */
  readonly most: number;
  readonly isShort: boolean;
}

/** What AWS counts and does not list counts, too; whether it can be fixed, or is ignored, nobody knows then. */
function tally(scan: Scan, taken: readonly Finding[], severity: Severity, onlyFixable: boolean): Tally {
  const here = taken.filter((it) => it.severity === severity);
  const isShort = scan.short?.includes(severity) ?? false;
  if (onlyFixable) {
    const count = here.filter(isFixable).length;
    return { count, most: count + here.filter(({ fix }) => fix === undefined).length, isShort };
  }
  const listed = scan.findings.filter((it) => it.severity === severity).length;
  const unlisted = here.length === listed ? Math.max(0, scan.counts[severity] - listed) : 0;
  const count = here.length + unlisted;
  return { count, most: count, isShort };
}

function doubtOf(reading: PlatformReading): readonly Doubt[] {
  const platform = platformState(reading);
  const { reading: it } = reading;
  switch (it.state) {
    case 'scanned':
      return [];
    case 'pending':
      return [{ why: 'pending', platform, status: it.status }];
    case 'unscannable':
      return [
        {
          why: 'unscannable',
          platform,
          status: it.status,
          ...(it.description && { description: it.description }),
        },
      ];
    case 'gone':
      return [{ why: 'gone', platform }];
  }
}
