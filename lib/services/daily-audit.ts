import { setTimeout as sleep } from 'node:timers/promises';
import type { DailyPorts } from '../audit/daily-ports.ts';
import * as config from '../config.ts';
import { tokenBucket } from '../reconcile/token-bucket.ts';
import { hasLifecycle } from '../registry/has-lifecycle.ts';
import { listImages } from '../registry/list.ts';
import { peekScan } from '../registry/peek.ts';
import { readRepositoryPolicy } from '../registry/repository-policy.ts';
import { listSettings } from '../registry/settings.ts';
import { loadAuditCounts, loadAuditWalk, saveAuditCounts, saveAuditWalk } from '../store/daily-audit.ts';
import { loadTogether } from '../store/load-together.ts';
import { loadRunning } from '../store/run.ts';
import { inRegistry, now, on, registries, table } from './connect.ts';

/** What the audit of every day needs. It runs after the walk of the reconciler, at the same pace. */
export function dailyAuditPorts(env = config.environment): DailyPorts {
  const ecrOf = registries(env);
  const lineage = table(env, 'LINEAGE_TABLE');
  const ledger = table(env, 'LEDGER_TABLE');
  const turn = tokenBucket(config.callsPerSecond(env), { now, sleep });
  const paced =
    <A extends unknown[], R>(call: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      await turn();
      return call(...given);
    };
  return {
    now,
    members: [...config.memberAccounts(env)],
    listSettings: paced((account, token) => listSettings(ecrOf(account ?? ''), token)),
    listImages: paced((repository, token) => listImages(ecrOf(repository.account), repository, token)),
    readLifecycle: paced((repository) => hasLifecycle(ecrOf(repository.account), repository)),
    readPolicy: paced((repository) => readRepositoryPolicy(ecrOf(repository.account), repository)),
    peekScan: paced(inRegistry(ecrOf, peekScan)),
    loadRunning: on(lineage, loadRunning),
    loadTogether: on(lineage, loadTogether),
    loadWalk: on(ledger, loadAuditWalk),
    saveWalk: on(ledger, saveAuditWalk),
    loadCounts: on(ledger, loadAuditCounts),
    saveCounts: on(ledger, saveAuditCounts),
  };
}
