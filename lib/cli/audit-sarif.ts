import { CHECK_IDS, type CheckId, checkOf } from '../audit/catalogue.ts';
import type { AuditFinding } from '../audit/finding.ts';
import type { Severity } from '../scan/severity.ts';

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json';

const LEVELS: Readonly<Partial<Record<Severity, string>>> = {
  CRITICAL: 'error',
  HIGH: 'error',
  MEDIUM: 'warning',
};
/** As GitHub's code scanning sorts: https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning */
const SCORES: Readonly<Partial<Record<Severity, string>>> = { CRITICAL: '9.5', HIGH: '8.0', MEDIUM: '5.0' };

/** The findings as one SARIF 2.1.0 log. `isWhole` is false when some of it could not be read. */
export function sarifLog(
  findings: readonly AuditFinding[],
  isWhole: boolean,
): Readonly<Record<string, unknown>> {
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'scan-response audit', rules: CHECK_IDS.map(rule) } },
        invocations: [{ executionSuccessful: isWhole }],
        results: findings.map(result),
      },
    ],
  };
}

function rule(id: CheckId) {
  const { severity, says, source } = checkOf(id);
  return {
    id,
    shortDescription: { text: says },
    helpUri: source,
    defaultConfiguration: { level: levelOf(severity) },
    properties: { 'security-severity': SCORES[severity] ?? '2.0', tags: ['security'] },
  };
}

/** There is no file to point into: a registry's place is written as a path, which is what viewers group by. */
function result({ check, severity, account, region, repository, reason, fix }: AuditFinding) {
  const uri = [account, region, ...(repository === undefined ? [] : [repository])].join('/');
  return {
    ruleId: check,
    ruleIndex: CHECK_IDS.indexOf(check),
    level: levelOf(severity),
    message: { text: `${reason} Fix: ${fix}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: uri, kind: 'resource' }],
      },
    ],
    properties: { severity },
  };
}

function levelOf(severity: Severity): string {
  return LEVELS[severity] ?? 'note';
}
