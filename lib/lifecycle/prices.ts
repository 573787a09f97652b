/** What ECR takes for storage. AWS changes prices without notice: the date says how old these are. */
export const PRICES = {
  /** When somebody last looked, and where; the prices themselves are at https://aws.amazon.com/ecr/pricing/ */
  checkedOn: '2026-03-31',
  source: 'https://hub.pointfive.co/inefficiencies/ecr-archive-storage-class-used-below-150-tb-threshold',
  region: 'us-east-1',
  currency: 'USD',
  /** Per 10^9 bytes and month. AWS does not say for ECR whether its GB is that or 2^30 bytes: this is the higher figure. */
  standardPerGb: 0.1,
  /** The same up to a threshold of the registry, less above it. */
  archivePerGb: 0.1,
  archivePerGbAbove: 0.07,
  archiveThresholdBytes: 150e12,
} as const;
