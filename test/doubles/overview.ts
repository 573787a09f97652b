import type { OverviewPorts } from '../../lib/lookup/overview-ports.ts';
import { overviewPorts } from '../../lib/services/overview.ts';
import type { Tables } from './dynamodb.ts';
import { lookupPorts } from './lookup.ts';

/** What the overview reads, from these tables, at this time of 20 November 2026. */
export function overviewOf(tables: Pick<Tables, 'lineage' | 'ledger'>, now = '12:00'): OverviewPorts {
  return { ...lookupPorts(tables, now), ...overviewPorts(tables.lineage, tables.ledger) };
}
