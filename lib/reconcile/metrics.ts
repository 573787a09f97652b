import { embeddedMetrics } from '../embedded-metric.ts';
import type { Walk } from './reconcile.ts';

/**
 * What the alarms read of a walk. A walk that is not at its end yet says nothing of `WalksCompleted`, so that a walk
 * that never ends is missed.
 */
export function walkMetrics(
  functionName: string,
  { isWhole, missingPercent }: Pick<Walk, 'isWhole' | 'missingPercent'>,
  now: Date,
): object {
  const values = { MissingPercent: missingPercent, ...(isWhole && { WalksCompleted: 1 }) };
  return embeddedMetrics({ functionName, nowMs: now.getTime(), values });
}
