import * as config from '../config.ts';
import type { FindingsIndexPorts } from '../index-findings.ts';
import type { RunPorts } from '../lookup/run-ports.ts';
import type { WorkloadPorts } from '../observe.ts';
import { onceEach } from '../once.ts';
import {
  findSightings,
  listFound,
  loadFound,
  loadKnownIds,
  saveFound,
  saveKnownIds,
  saveSightings,
} from '../store/findings-index.ts';
import { findParents } from '../store/image.ts';
import { countTasks, findRuns, findRunsElsewhere, loadRunning, loadRuns } from '../store/run.ts';
import type { Table } from '../store/table.ts';
import { loadHead } from '../store/tag-history.ts';
import {
  findWorkloads,
  loadRollout,
  saveRollout,
  saveRun,
  saveTask,
  saveWorkload,
} from '../store/workload.ts';
import { workloadPartition } from '../store/workload-keys.ts';
import { on, table } from './connect.ts';

// The composition root of what runs and of what is found from a CVE.

/** What recording what runs needs. */
export function workloadPorts(env = config.environment): WorkloadPorts {
  const lineage = table(env, 'LINEAGE_TABLE');
  return {
    // It never changes and never goes: once is enough for as long as this process lives.
    saveWorkload: onceEach(workloadPartition, on(lineage, saveWorkload)),
    saveRun: on(lineage, saveRun),
    saveTask: on(lineage, saveTask),
    saveRollout: on(lineage, saveRollout),
  };
}

/** What finding images by a CVE needs to be written. */
export function findingsIndexPorts(ledger: Table): FindingsIndexPorts {
  return {
    loadFound: on(ledger, loadFound),
    saveFound: on(ledger, saveFound),
    loadKnownIds: on(ledger, loadKnownIds),
    saveKnownIds: on(ledger, saveKnownIds),
    saveSightings: on(ledger, saveSightings),
  };
}

/** What the questions about what runs, and about a CVE, read. */
export function runPorts(lineage: Table, ledger: Table): RunPorts {
  return {
    loadHead: on(lineage, loadHead),
    findParents: on(lineage, findParents),
    findWorkloads: on(lineage, findWorkloads),
    loadRuns: on(lineage, loadRuns),
    findRuns: on(lineage, findRuns),
    findRunsElsewhere: on(lineage, findRunsElsewhere),
    loadRunning: on(lineage, loadRunning),
    countTasks: on(lineage, countTasks),
    loadRollout: on(lineage, loadRollout),
    findSightings: on(ledger, findSightings),
    listFound: on(ledger, listFound),
  };
}
