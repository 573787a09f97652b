import type { OverviewPorts } from '../lookup/overview-ports.ts';
import { loadAuditCounts } from '../store/daily-audit.ts';
import { listUrgent, loadFollowed } from '../store/followed.ts';
import { listRepositories, loadVerifications } from '../store/listed-repositories.ts';
import { loadRunning } from '../store/run.ts';
import type { Table } from '../store/table.ts';
import { loadTagHeads } from '../store/tag-heads.ts';
import { on } from './connect.ts';

// The composition root of the overview of all repositories, beside what every look-up reads.

/** What the overview reads besides. */
export function overviewPorts(
  lineage: Table,
  ledger: Table,
): Omit<OverviewPorts, 'now' | 'loadTogether' | 'loadLatestScan' | 'findParents'> {
  return {
    listUrgent: on(ledger, listUrgent),
    listRepositories: on(lineage, listRepositories),
    loadVerifications: on(lineage, loadVerifications),
    loadFollowed: on(ledger, loadFollowed),
    loadTagHeads: on(lineage, loadTagHeads),
    loadRunning: on(lineage, loadRunning),
    loadAudit: on(ledger, loadAuditCounts),
  };
}
