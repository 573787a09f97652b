import type { Severity } from '../scan/severity.ts';

const GUIDE = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide';

/** One thing that the audit looks for. */
export interface Check {
  /** Of the worst case; a finding may be milder. */
  readonly severity: Severity;
  /** The other one that a finding may have. */
  readonly milder?: Severity;
  readonly says: string;
  /** It needs to know what runs, or what is on record of an image: nothing tells without a deployment. */
  readonly needsLineage?: true;
  /** Where the fact behind it is documented. */
  readonly source: string;
}

/** Every check by its id, worst first; `docs/audit.md` has a row for each. */
const CHECKS = {
  'running-gone': {
    severity: 'CRITICAL',
    says: 'An image that runs is not in the registry any more: its next task cannot start.',
    needsLineage: true,
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html',
  },
  'running-archived': {
    severity: 'CRITICAL',
    says: 'An image that runs is archived: it cannot be pulled until it is restored.',
    needsLineage: true,
    source: `${GUIDE}/archive_restore_image.html`,
  },
  'policy-public': {
    severity: 'CRITICAL',
    milder: 'HIGH',
    says: 'The repository policy lets everybody in, whoever asks.',
    source: `${GUIDE}/repository-policies.html`,
  },
  'scan-unheard': {
    severity: 'HIGH',
    says: 'The registry scans in one mode and the deployed rule for that mode is missing or disabled.',
    source: `${GUIDE}/ecr-eventbridge.html`,
  },
  'scan-off': {
    severity: 'HIGH',
    says: 'Nothing scans what is pushed to the repository.',
    source: `${GUIDE}/image-scanning.html`,
  },
  'running-never-scanned': {
    severity: 'HIGH',
    says: 'An image that runs was never scanned.',
    needsLineage: true,
    source: `${GUIDE}/image-scanning.html`,
  },
  'tags-mutable': {
    severity: 'HIGH',
    says: 'Every tag of a production repository can be moved to another image.',
    source: `${GUIDE}/image-tag-mutability.html`,
  },
  'moving-tag-deployed': {
    severity: 'HIGH',
    milder: 'MEDIUM',
    says: 'A task definition names a tag that moves, as latest: the next task may run another image.',
    needsLineage: true,
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html',
  },
  'near-image-limit': {
    severity: 'HIGH',
    milder: 'MEDIUM',
    says: 'The repository is near the limit of images, where pushes fail.',
    source: `${GUIDE}/service-quotas.html`,
  },
  'near-repository-limit': {
    severity: 'HIGH',
    says: 'The registry is near the limit of repositories.',
    source: `${GUIDE}/service-quotas.html`,
  },
  'policy-wide': {
    severity: 'MEDIUM',
    says: 'The repository policy allows somebody every action on the repository.',
    source: `${GUIDE}/repository-policies.html`,
  },
  'lifecycle-none': {
    severity: 'MEDIUM',
    says: 'The repository has no lifecycle policy: nothing is ever removed.',
    source: `${GUIDE}/LifecyclePolicies.html`,
  },
  'tags-movable': {
    severity: 'MEDIUM',
    says: 'Tags that name a release or a commit of a production repository can be moved.',
    source: `${GUIDE}/image-tag-mutability.html`,
  },
  'running-unscannable': {
    severity: 'MEDIUM',
    says: 'The scan of an image that runs failed, or was refused.',
    needsLineage: true,
    source: `${GUIDE}/image-scanning.html`,
  },
  'running-scan-old': {
    severity: 'MEDIUM',
    says: 'The last scan of an image that runs is older than the limit.',
    needsLineage: true,
    source: `${GUIDE}/image-scanning.html`,
  },
  'running-without-commit': {
    severity: 'MEDIUM',
    says: 'Nothing tells which commit an image that runs was built from.',
    needsLineage: true,
    source: 'https://github.com/opencontainers/image-spec/blob/main/annotations.md',
  },
  'near-tag-limit': {
    severity: 'MEDIUM',
    says: 'An image is near the limit of tags.',
    source: `${GUIDE}/service-quotas.html`,
  },
  'scan-filter-idle': {
    severity: 'LOW',
    says: 'A filter of the scanning configuration matches no repository.',
    source: `${GUIDE}/image-scanning-filters.html`,
  },
  'tags-without-commit': {
    severity: 'LOW',
    says: 'Tagged images lead to no commit.',
    needsLineage: true,
    source: 'https://github.com/opencontainers/image-spec/blob/main/annotations.md',
  },
} as const satisfies Readonly<Record<string, Check>>;

export type CheckId = keyof typeof CHECKS;
export const CHECK_IDS = Object.keys(CHECKS) as readonly CheckId[];

/** What is known of a check. */
export function checkOf(id: CheckId): Check {
  return CHECKS[id];
}
