/** What a line of a message tells, and where that fact comes from. */
export interface Explained {
  readonly is: RegExp;
  readonly tells: string;
  readonly from: string;
}

const ECR_SCAN = 'the scan, read again from ECR by digest (`DescribeImageScanFindings`)';
const BASELINE = 'the scan against the baseline of the reference in the ledger: what was open before';
const LINEAGE = 'the lineage';

/** The first that fits a line explains it. */
export const LINES: readonly Explained[] = [
  {
    is: /^\d+ images: /,
    tells: 'how many images, by what happened; how many have criticals',
    from: 'the notices that came within a minute, when they were more than five',
  },
  { is: /^\d+ new, /, tells: 'what is new, what is still open, what is gone', from: BASELINE },
  {
    is: /^Reminder: /,
    tells: 'that it is no news',
    from: 'the ledger: last told longer ago than `renotifyAfter`',
  },
  { is: / (?:new|still open|gone|first scan)$/, tells: 'what and where, and what changed', from: BASELINE },
  { is: / is clear/, tells: 'that it is over', from: BASELINE },
  {
    is: / was not scanned: /,
    tells: 'that nobody knows: never shown as clean',
    from: 'the scan’s status in ECR',
  },
  {
    is: / in \d{12} [a-z0-9-]+ · followed as /,
    tells: 'repository, account, region; which moving tag people follow; all its tags now',
    from: 'ECR (`DescribeImages`); what is followed says the policy',
  },
  { is: /^What was open was not found again$/, tells: 'what "clear" means', from: BASELINE },
  {
    is: /^(?:open for|was open for) /,
    tells: 'for how long, since when',
    from: 'the baseline, which remembers when it opened',
  },
  {
    is: /^(?:\d+ (?:critical|high|medium|low)(?:, |$))+/,
    tells: 'all severities that are not zero',
    from: ECR_SCAN,
  },
  {
    is: /^(?:a fix exists for|no fix known|nothing to fix|fixes:)/,
    tells: 'what an update removes; how many findings the policy ignores',
    from: 'Inspector; basic scanning does not say. The `ignore` rules of the policy',
  },
  { is: /^Not scanned \(/, tells: 'ECR’s status', from: ECR_SCAN },
  { is: /^The scanner says: /, tells: 'the scanner’s own words', from: ECR_SCAN },
  {
    is: /^• (?:CVE|GHSA)-/,
    tells: 'one of the five worst: new or not, package, installed → fixed, score, exploit known',
    from: `${ECR_SCAN}; the rest is counted and named below`,
  },
  {
    is: /^commit /,
    tells: 'the commit, how we know it, what it replaces, its changes',
    from: `${LINEAGE}: provenance of the build, labels, tags; links only to forges that were named`,
  },
  {
    is: /^pushed /,
    tells: 'when, and by whom',
    from: `${LINEAGE}; the name from CloudTrail, where it was read`,
  },
  { is: /^runs now in /, tells: 'which services run it', from: `${LINEAGE}: events of ECS` },
  {
    is: /^open in ECR/,
    tells: 'where to go on: the image, our monitors, what to do',
    from: 'account, region and digest; `SCAN_RESPONSE_DATADOG_SITE`, `SCAN_RESPONSE_RUNBOOK_URL`',
  },
  { is: /^sha256:\w{12} · /, tells: 'which image and which scan, exactly', from: 'ECR' },
  {
    is: /^(?:Open findings|Still open|Not scanned|Clear)$/,
    tells: 'a heading for each thing that happened',
    from: 'the reasons of the notices',
  },
  {
    is: /^• .*(?: · |, )/,
    tells: 'one notice: its headline, the ids of what is new, its digest; the worst first',
    from: 'as in a message of its own',
  },
  {
    is: / notices in one message, /,
    tells: 'where, how many, which message of its minute',
    from: 'the count of messages in the ledger',
  },
  {
    is: /^Which commit is behind one: /,
    tells: 'how to ask for what is left out',
    from: 'the [incident guide](incidents.md)',
  },
];
