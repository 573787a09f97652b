import type { BasicFinding, ScanAnswer } from './scan-answer.ts';

interface VulnerablePackage {
  readonly name: string;
  readonly version: string;
  readonly fixedInVersion?: string;
}

interface EnhancedFinding {
  readonly severity: string;
  readonly [field: string]: unknown;
}

/** One basic finding; the same CVE in two packages is two findings, as ECR has it. */
export function basicFinding(of: {
  readonly name: string;
  readonly severity: string;
  readonly package: string;
  readonly version: string;
  readonly uri?: string;
}): BasicFinding {
  return {
    name: of.name,
    severity: of.severity,
    ...(of.uri && { uri: of.uri }),
    attributes: [
      { key: 'package_version', value: of.version },
      { key: 'package_name', value: of.package },
    ],
  };
}

/** One enhanced finding over all its packages; whether a fix is available follows from them unless it is given. */
export function enhancedFinding(of: {
  readonly id: string;
  readonly severity: string;
  readonly packages: readonly VulnerablePackage[];
  readonly score?: number;
  readonly fixAvailable?: 'YES' | 'NO' | 'PARTIAL';
  readonly exploitAvailable?: 'YES' | 'NO';
  readonly observedAt?: Date;
}): EnhancedFinding {
  const { id, severity, packages, score = 0, observedAt = new Date() } = of;
  const names = packages.map(({ name }) => name).join(', ');
  return {
    title: `${id} - ${names}`,
    type: 'PACKAGE_VULNERABILITY',
    status: 'ACTIVE',
    severity,
    score,
    // Inspector leaves the details out of findings that nobody has scored yet.
    ...(score > 0 && { scoreDetails: { cvss: { score, scoreSource: 'NVD', version: '3.1' } } }),
    fixAvailable: of.fixAvailable ?? fixAvailable(packages),
    exploitAvailable: of.exploitAvailable ?? 'NO',
    firstObservedAt: observedAt,
    lastObservedAt: observedAt,
    updatedAt: observedAt,
    packageVulnerabilityDetails: {
      vulnerabilityId: id,
      source: 'NVD',
      vulnerablePackages: packages.map((each) => ({ fixedInVersion: 'NotAvailable', ...each })),
    },
  };
}

/** The answer of a finished basic scan. */
export function basicAnswer(
  findings: readonly BasicFinding[],
  overrides: Partial<ScanAnswer> = {},
): ScanAnswer {
  return {
    status: 'COMPLETE',
    description: 'The scan was completed successfully.',
    completedAt: new Date(),
    counts: countSeverities(findings),
    findings,
    ...overrides,
  };
}

/** The answer of a continuous Inspector scan; with `{ status: 'COMPLETE' }` that of a scan on push. */
export function enhancedAnswer(
  enhancedFindings: readonly EnhancedFinding[],
  overrides: Partial<ScanAnswer> = {},
): ScanAnswer {
  return {
    status: 'ACTIVE',
    description: 'Continuous scan is selected for image.',
    completedAt: new Date(),
    counts: countSeverities(enhancedFindings),
    enhancedFindings,
    ...overrides,
  };
}

/** As ECR counts: a severity without findings has no key, and a clean image has `{}`. */
function countSeverities(findings: readonly { readonly severity: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { severity } of findings) counts[severity] = (counts[severity] ?? 0) + 1;
  return counts;
}

function fixAvailable(packages: readonly VulnerablePackage[]): 'YES' | 'NO' | 'PARTIAL' {
  const fixed = packages.filter(({ fixedInVersion }) => fixedInVersion !== undefined).length;
  if (fixed === 0) return 'NO';
  return fixed === packages.length ? 'YES' : 'PARTIAL';
}
