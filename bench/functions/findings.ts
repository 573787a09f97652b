import { basicAnswer, basicFinding, enhancedAnswer, enhancedFinding } from '../../local/ecr/findings.ts';
import type { ScanAnswer } from '../../local/ecr/scan-answer.ts';

export type Kind = 'basic' | 'enhanced';

/** The share of each severity in images as they are: few that matter, many that do not. */
const SEVERITY_OF = ['CRITICAL', 'HIGH', 'HIGH', 'MEDIUM', 'MEDIUM', 'MEDIUM', 'LOW', 'LOW', 'LOW', 'LOW'];
const DESCRIPTION =
  'A flaw was found in the handling of names: a crafted input makes the parser read past its buffer. '.repeat(
    6,
  );

/**
 * A scan with so many findings, about as long on the wire as AWS's own: 0.5 kB each, 2 kB from Inspector. Every tenth
 * is critical, `from` is the number of the first.
 */
export function scanOf(kind: Kind, count: number, from = 0): ScanAnswer {
  const nth = Array.from({ length: count }, (_, n) => from + n);
  return kind === 'basic' ? basicAnswer(nth.map(basic)) : enhancedAnswer(nth.map(enhanced));
}

/** A basic scan as most are: so many critical findings, and forty that nobody is told of. */
export function usualScan(critical: number): ScanAnswer {
  const of = (severity: string, count: number) =>
    Array.from({ length: count }, (_, n) => ({
      ...basic(n),
      ...{ name: `CVE-2025-${severity}-${n}`, severity },
    }));
  return basicAnswer([...of('CRITICAL', critical), ...of('LOW', 40)]);
}

function basic(n: number) {
  return {
    ...basicFinding({
      name: nameOf(n),
      severity: severityOf(n),
      package: `libexample${n % 300}`,
      version: `1.${n % 7}.0-r${n % 4}`,
      uri: `https://security.example.org/tracker/${nameOf(n)}`,
    }),
    description: DESCRIPTION.slice(0, 200),
  };
}

function enhanced(n: number) {
  const name = `libexample${n % 300}`;
  const finding = enhancedFinding({
    id: nameOf(n),
    severity: severityOf(n),
    score: 9.8 - (n % 10),
    packages: [{ name, version: `1.${n % 7}.0`, ...(n % 2 === 0 && { fixedInVersion: '1.9.0' }) }],
  });
  return {
    ...finding,
    description: DESCRIPTION,
    findingArn: `arn:aws:inspector2:us-east-1:111122223333:finding/${String(n).padStart(32, '0')}`,
    remediation: { recommendation: { text: 'None Provided' } },
    packageVulnerabilityDetails: {
      ...Object(finding.packageVulnerabilityDetails),
      referenceUrls: [1, 2, 3].map((it) => `https://security.example.org/advisories/${nameOf(n)}/${it}`),
      sourceUrl: `https://nvd.example.org/vuln/detail/${nameOf(n)}`,
      cvss: ['NVD', 'VENDOR'].map((source) => ({
        ...{ baseScore: 7.5, source, version: '3.1' },
        scoringVector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
      })),
    },
  };
}

function nameOf(n: number): string {
  return `CVE-2026-${10_000 + n}`;
}

function severityOf(n: number): string {
  return SEVERITY_OF[n % SEVERITY_OF.length] ?? 'LOW';
}
