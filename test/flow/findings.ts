import { basicFinding, enhancedFinding } from '../../local/ecr/findings.ts';

/** `count` basic findings of one severity, with ids of their own: `CVE-2026-LOW-0` and so on. */
export function basicFindings(severity: string, count = 1, prefix = 'CVE-2026') {
  return Array.from({ length: count }, (_, index) =>
    basicFinding({
      name: `${prefix}-${severity}-${index}`,
      severity,
      package: `lib${index}`,
      version: '1.0',
    }),
  );
}

/** As `basicFindings`, from Amazon Inspector. */
export function enhancedFindings(severity: string, count = 1, prefix = 'CVE-2026') {
  return Array.from({ length: count }, (_, index) =>
    enhancedFinding({
      id: `${prefix}-${severity}-${index}`,
      severity,
      packages: [{ name: `lib${index}`, version: '1.0', fixedInVersion: '1.1' }],
    }),
  );
}
