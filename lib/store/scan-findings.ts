import { inflateRawSync } from 'node:zlib';
import type { Image } from '../image/reference.ts';
import type { ScanFindings } from '../scan/scan-findings.ts';
import { loadNewest } from './scan.ts';
import type { Table } from './table.ts';

/** No list that we packed is longer: what is, is not ours. */
const MAX_UNPACKED_BYTES = 64_000_000;

/** What the newest scan of an image found; undefined when none was recorded. */
export async function loadScanFindings(table: Table, image: Image): Promise<ScanFindings | undefined> {
  const item = await loadNewest(table, image);
  if (!item) return undefined;
  const { type, completedAt, counts, platforms, short, findings, findingsLeftOut } = item;
  const fact = { type, counts, platforms, ...(completedAt && { completedAt }), ...(short && { short }) };
  const found = unpack(findings);
  return { fact, found, isWhole: findingsLeftOut === undefined && short === undefined };
}

/** The ids and severities of what `saveScan` packed. */
function unpack(bytes: unknown): ScanFindings['found'] {
  if (!(bytes instanceof Uint8Array)) return [];
  const tuples = JSON.parse(inflateRawSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }).toString());
  return (tuples as readonly (readonly unknown[])[]).map(([id, severity]) => ({ id, severity })) as never;
}
