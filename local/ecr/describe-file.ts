import * as v from 'valibot';
import type { ScanAnswer } from './scan-answer.ts';
import { parseDate } from './timestamp.ts';

const command = 'aws ecr describe-image-scan-findings --repository-name NAME --image-id imageDigest=sha256:…';

const basicFinding = v.looseObject({
  name: v.string(),
  severity: v.string(),
  attributes: v.exactOptional(
    v.array(v.looseObject({ key: v.string(), value: v.exactOptional(v.string()) })),
  ),
});

const describeOutput = v.looseObject({
  imageScanStatus: v.optional(
    v.looseObject({ status: v.string(), description: v.optional(v.string()) }),
    // A file that was cut down to its findings is taken for a finished scan.
    { status: 'COMPLETE' },
  ),
  imageScanFindings: v.optional(
    v.looseObject({
      imageScanCompletedAt: v.optional(v.unknown()),
      vulnerabilitySourceUpdatedAt: v.optional(v.unknown()),
      findingSeverityCounts: v.optional(v.record(v.string(), v.number())),
      findings: v.optional(v.array(basicFinding)),
      enhancedFindings: v.optional(v.array(v.looseObject({}))),
    }),
    {},
  ),
});

/**
 * Reads the parsed output of `aws ecr describe-image-scan-findings`, from the CLI, CloudTrail or the wire.
 * Throws an Error that says what is wrong and which command prints the right file.
 */
export function describeFile(json: unknown): ScanAnswer {
  refuseOtherOutputs(json);
  const parsed = v.safeParse(describeOutput, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new Error(
      `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}. Expected the output of: ${command}`,
    );
  }
  const { imageScanStatus: status, imageScanFindings: scan } = parsed.output;
  return {
    status: status.status,
    description: status.description,
    completedAt: parseDate(scan.imageScanCompletedAt),
    sourceUpdatedAt: parseDate(scan.vulnerabilitySourceUpdatedAt),
    counts: scan.findingSeverityCounts,
    findings: scan.findings,
    enhancedFindings: scan.enhancedFindings,
  };
}

function refuseOtherOutputs(json: unknown): void {
  const fields = typeof json === 'object' && json !== null ? json : {};
  if ('imageScanStatus' in fields || 'imageScanFindings' in fields) return;
  const found =
    'findings' in fields ? 'this looks like the output of aws inspector2 list-findings' : 'no scan in it';
  throw new Error(`not a scan answer: ${found}. Expected the output of: ${command}`);
}
