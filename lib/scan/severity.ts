/** Worst first. UNTRIAGED comes from Inspector, UNDEFINED from basic scanning; neither means harmless. */
export const SEVERITIES = [
  'CRITICAL',
  'HIGH',
  'MEDIUM',
  'LOW',
  'INFORMATIONAL',
  'UNTRIAGED',
  'UNDEFINED',
] as const;
export type Severity = (typeof SEVERITIES)[number];

/** How many findings of each severity; every severity is present. */
export type SeverityCounts = Readonly<Record<Severity, number>>;

/** Any severity text of AWS as ours; one that we do not know counts as UNDEFINED rather than not at all. */
export function toSeverity(text: string | undefined): Severity {
  const upper = text?.toUpperCase();
  return SEVERITIES.find((severity) => severity === upper) ?? 'UNDEFINED';
}

/** Counts from AWS's sparse map; a missing key is 0, and TOTAL is a sum and not a severity. */
export function toCounts(counts: Readonly<Record<string, number | undefined>>): SeverityCounts {
  const full = { ...NO_FINDINGS };
  for (const [key, count] of Object.entries(counts)) {
    if (key !== 'TOTAL') full[toSeverity(key)] += count ?? 0;
  }
  return full;
}

/** Counts a list of findings. */
export function countBySeverity(findings: readonly { readonly severity: Severity }[]): SeverityCounts {
  const full = { ...NO_FINDINGS };
  for (const { severity } of findings) full[severity] += 1;
  return full;
}

/** The greater of two counts for each severity. */
export function greaterCounts(a: SeverityCounts, b: SeverityCounts): SeverityCounts {
  return mapSeverities((severity) => Math.max(a[severity], b[severity]));
}

/** By how much the first counts more, for each severity. */
export function differenceOf(a: SeverityCounts, b: SeverityCounts): SeverityCounts {
  return mapSeverities((severity) => a[severity] - b[severity]);
}

/** Sum over all severities. */
export function total(counts: SeverityCounts): number {
  return SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
}

/** True when `severity` is `threshold` or worse. UNTRIAGED and UNDEFINED reach only their own threshold. */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}

/** Orders worst first. */
export function bySeverity(a: { readonly severity: Severity }, b: { readonly severity: Severity }): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

/** `2 critical`, `1 high` …: those of these severities that are not zero. */
export function countWords(
  counts: SeverityCounts,
  severities: readonly Severity[] = SEVERITIES,
): readonly string[] {
  const present = severities.filter((severity) => counts[severity] > 0);
  return present.map((severity) => `${counts[severity]} ${severity.toLowerCase()}`);
}

/** Counts worked out for each severity. */
export function mapSeverities(count: (severity: Severity) => number): SeverityCounts {
  return Object.fromEntries(SEVERITIES.map((severity) => [severity, count(severity)])) as SeverityCounts;
}

/** Zero for every severity. */
export const NO_FINDINGS: SeverityCounts = mapSeverities(() => 0);
