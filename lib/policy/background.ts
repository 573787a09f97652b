import type { Digest } from '../image/digest.ts';
import type { Untrusted } from '../image/untrusted.ts';
import { type Instant, secondsBetween } from '../instant.ts';
import type { Baseline } from './tracked.ts';

/** What a reader of a notice asks next. Each part is absent where nobody could say, or could say in time. */
export interface Background {
  /** The image that the reference pointed to before this one. */
  readonly before?: { readonly digest: Digest; readonly commit?: string };
  readonly links?: Links;
  /** Who pushed the image under its reference, and when. */
  readonly pushed?: { readonly at: Instant; readonly by: Untrusted };
  readonly runs?: Runs;
  /** Since when something at or above the threshold has been open, and for how many seconds when it was looked at. */
  readonly open?: OpenTime;
  /** A part of this could not be read, or not in time. */
  readonly isPartial?: true;
}

/** Pages to go on to; only on hosts that may be linked to. */
export interface Links {
  readonly commit?: string;
  /** What the commit has that the one before it has not. */
  readonly compare?: string;
  readonly datadog?: string;
  readonly runbook?: string;
}

/** What runs the image now, as far as ECS told. */
export interface Runs {
  /** Those with the most tasks first; at most `MAX_RUNS`. */
  readonly workloads: readonly RunningWorkload[];
  readonly more: number;
  /** There are more tasks than were read: `more` is the least. */
  readonly isCut?: true;
}

interface RunningWorkload {
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  /** The service's name, or `family:NAME`. */
  readonly name: string;
  readonly tasks: number;
}

export const MAX_RUNS = 3;

export interface OpenTime {
  readonly since: Instant;
  readonly seconds: number;
}

/** How long a reference has been open at an instant; undefined while it is clear, or where nobody wrote it down. */
export function openTimeOf({ open }: Baseline, at: Instant): OpenTime | undefined {
  if (!open?.openedAt || open.ids.length === 0) return undefined;
  return { since: open.openedAt, seconds: Math.max(0, secondsBetween(open.openedAt, at)) };
}

/** The longest of the references. */
export function longestOpen(tracked: readonly Baseline[], at: Instant): OpenTime | undefined {
  const times = tracked.flatMap((it) => openTimeOf(it, at) ?? []);
  return times.sort((a, b) => b.seconds - a.seconds)[0];
}
