import type { Context } from 'aws-lambda';
import { auditDaily } from '../lib/audit/daily.ts';
import { log } from '../lib/log.ts';
import { once } from '../lib/once.ts';
import { walkMetrics } from '../lib/reconcile/metrics.ts';
import { reconcile } from '../lib/reconcile/reconcile.ts';
import { dailyAuditPorts } from '../lib/services/daily-audit.ts';
import { reconcilePorts } from '../lib/services/schedule.ts';

/** What is kept of the function's time for the work that has begun when the walk has to stop: three tries at ECR. */
const RESERVE_MS = 30_000;

// Called by AWS, on a schedule
export async function handler(
  _: unknown,
  { functionName, getRemainingTimeInMillis }: Pick<Context, 'functionName' | 'getRemainingTimeInMillis'>,
): Promise<void> {
  const now = new Date();
  const endsAt = new Date(now.getTime() + getRemainingTimeInMillis() - RESERVE_MS);
  const { failures, ...walk } = await reconcile(endsAt, ports());
  for (const { where, error } of failures) log.error('could not be reconciled', { where, error });
  log.info('reconciled', { ...walk, failures: failures.length, ...walkMetrics(functionName, walk, now) });
  if (walk.isWhole) await audit(endsAt);
}

/** With the time that the walk leaves: what AWS never told of goes first. */
async function audit(endsAt: Date): Promise<void> {
  const portion = await auditDaily(endsAt, auditPorts());
  if (!portion) return;
  for (const { where, error } of portion.failures) log.error('could not be audited', { where, error });
  log.info('audited', { ...portion, failures: portion.failures.length });
}

// Once per cold start, on the first event
const ports = once(() => reconcilePorts());
const auditPorts = once(() => dailyAuditPorts());
