/** A list price and where it was read. */
interface Price {
  readonly usd: number;
  readonly per: string;
  readonly source: string;
  /** `YYYY-MM`: what the page says of itself, or when we read it. */
  readonly asOf: string;
}

const DYNAMODB = {
  source: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  asOf: '2025-07',
} as const;
const LAMBDA = { source: 'https://cloudchipr.com/blog/aws-lambda-pricing', asOf: '2024-12' } as const;
const CLOUDWATCH = {
  source: 'https://cloudburn.io/blog/amazon-cloudwatch-pricing',
  asOf: '2026-02',
} as const;

/**
 * List prices of us-east-1, no free tiers. Read in pages about AWS's price list, not in the list itself: check them
 * before you budget.
 */
export const PRICES = {
  writeUnits: { usd: 0.625, per: 'million', ...DYNAMODB },
  readUnits: { usd: 0.125, per: 'million', ...DYNAMODB },
  queueRequests: {
    usd: 0.4,
    per: 'million',
    source: 'https://cloudburn.io/blog/amazon-sqs-pricing',
    asOf: '2026-03',
  },
  invocations: { usd: 0.2, per: 'million', ...LAMBDA },
  gigabyteSeconds: { usd: 13.3334, per: 'million, arm64', ...LAMBDA },
  logGigabytes: {
    usd: 0.5,
    per: 'GB',
    source: 'https://c3x.dev/blog/cloudwatch-logs-cost-optimization',
    asOf: '2026-06',
  },
  publishes: {
    usd: 0.5,
    per: 'million',
    source: 'https://awsnegotiations.com/sqs-sns-cost-optimization.html',
    asOf: '2026-11',
  },
  egressGigabytes: {
    usd: 0.09,
    per: 'GB',
    source: 'https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer (from memory)',
    asOf: '2026-11',
  },
} as const satisfies Readonly<Record<string, Price>>;

/** What is there whatever happens, for a month of one of it. */
export const MONTHLY_PRICES = {
  alarms: { usd: 0.1, per: 'alarm', source: 'https://aws.amazon.com/cloudwatch/pricing/', asOf: '2026-11' },
  metrics: {
    usd: 0.3,
    per: 'metric of ours',
    source: 'https://signoz.io/guides/cloudwatch-pricing',
    asOf: '2026-02',
  },
  tableGigabytes: {
    usd: 0.25,
    per: 'GB in the tables',
    source: 'https://aws.amazon.com/dynamodb/pricing/',
    asOf: '2026-11',
  },
  backupGigabytes: {
    usd: 0.2,
    per: 'GB in their backups',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/ (from memory)',
    asOf: '2026-11',
  },
  keptLogGigabytes: { usd: 0.03, per: 'GB of logs that is kept', ...CLOUDWATCH },
} as const satisfies Readonly<Record<string, Price>>;
