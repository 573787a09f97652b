import type { EnhancedImageScanFinding, ImageScanFinding } from '@aws-sdk/client-ecr';
import { untrusted } from '../image/untrusted.ts';
import type { Finding, Package } from '../scan/finding.ts';
import { toSeverity } from '../scan/severity.ts';

/** A finding of basic scanning: one per vulnerability and package; it does not say whether there is a fix. */
export function fromBasic({ name, severity, attributes }: ImageScanFinding): Finding {
  const attribute = (key: string) => attributes?.find((it) => it.key === key)?.value;
  const score = Number(attribute('CVSS4_SCORE') ?? attribute('CVSS3_SCORE') ?? attribute('CVSS2_SCORE'));
  const packageName = attribute('package_name');
  return {
    id: untrusted(name ?? 'unnamed'),
    severity: toSeverity(severity),
    packages: packageName
      ? [{ name: untrusted(packageName), version: untrusted(attribute('package_version') ?? '') }]
      : [],
    ...(score > 0 && { score }),
    platforms: [],
  };
}

const FIXES = { YES: 'all', PARTIAL: 'some', NO: 'none' } as const;

/** A finding of Amazon Inspector: one per vulnerability, with all its packages. */
export function fromEnhanced(finding: EnhancedImageScanFinding): Finding {
  const {
    packageVulnerabilityDetails: details,
    title,
    severity,
    score,
    fixAvailable,
    exploitAvailable,
  } = finding;
  const fix = FIXES[fixAvailable as keyof typeof FIXES];
  return {
    id: untrusted(details?.vulnerabilityId ?? title ?? finding.findingArn ?? 'unnamed'),
    severity: toSeverity(severity),
    packages: (details?.vulnerablePackages ?? []).map(toPackage),
    ...(score && { score }),
    ...(fix && { fix }),
    ...(exploitAvailable && { exploitKnown: exploitAvailable === 'YES' }),
    platforms: [],
  };
}

/** Suppressed and closed findings are somebody's decision, or over: they do not count. */
export function isOpen({ status }: EnhancedImageScanFinding): boolean {
  return status !== 'SUPPRESSED' && status !== 'CLOSED';
}

function toPackage(it: {
  name?: string | undefined;
  version?: string | undefined;
  release?: string | undefined;
  fixedInVersion?: string | undefined;
  filePath?: string | undefined;
}): Package {
  const isFixed = it.fixedInVersion && it.fixedInVersion !== 'NotAvailable';
  return {
    name: untrusted(it.name ?? 'unnamed'),
    version: untrusted([it.version, it.release].filter(Boolean).join('-')),
    ...(isFixed && { fixedIn: untrusted(it.fixedInVersion as string) }),
    ...(it.filePath && { path: untrusted(it.filePath) }),
  };
}
