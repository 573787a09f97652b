import { inflateRawSync } from 'node:zlib';
import type { Image } from '../image/reference.ts';
import { untrusted } from '../image/untrusted.ts';
import type { Finding, Package } from '../scan/finding.ts';
import type { KeptFinding, ScanFindings } from '../scan/scan-findings.ts';
import type { Severity } from '../scan/severity.ts';
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

/** What `saveScan` packed. */
function unpack(bytes: unknown): ScanFindings['found'] {
  if (!(bytes instanceof Uint8Array)) return [];
  const tuples = JSON.parse(inflateRawSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }).toString());
  return (tuples as readonly Tuple[]).map(toFinding);
}

type PackedPackage = readonly [name: string, version: string, fixedIn: string | null];
type Tuple = readonly [
  id: string,
  severity: Severity,
  packages?: readonly PackedPackage[],
  score?: number | null,
  fix?: Finding['fix'] | null,
  platforms?: readonly string[],
];

function toFinding([id, severity, packages = [], score, fix, platforms = []]: Tuple): KeptFinding {
  return {
    ...{ id: untrusted(id), severity, packages: packages.map(toPackage), platforms },
    ...(score != null && { score }),
    ...(fix && { fix }),
  };
}

function toPackage([name, version, fixedIn]: PackedPackage): Package {
  return {
    ...{ name: untrusted(name), version: untrusted(version) },
    ...(fixedIn !== null && { fixedIn: untrusted(fixedIn) }),
  };
}
