import type { Measurement } from '../../lib/delivery/delivery.ts';
import { parseDigest } from '../../lib/image/digest.ts';
import { type Image, parseTag } from '../../lib/image/reference.ts';
import { untrusted } from '../../lib/image/untrusted.ts';
import { parseInstant } from '../../lib/instant.ts';
import type { Background } from '../../lib/policy/background.ts';
import type { Notice, ScanSummary, ShownFinding, Subject } from '../../lib/policy/notice.ts';
import type { Finding, Package } from '../../lib/scan/finding.ts';
import { toCounts } from '../../lib/scan/severity.ts';
import { aProvenance, aTagEvidence } from './evidence.ts';

/** Test data: each builder gives a plain, valid value; a test overrides the one thing it is about. */
export function anImage(overrides: Partial<Image> = {}): Image {
  return {
    repository: { account: '111122223333', region: 'eu-west-1', name: 'demo-api' },
    digest: parseDigest(`sha256:${'ab'.repeat(32)}`),
    ...overrides,
  };
}

export function aSubject(overrides: Partial<Subject> = {}): Subject {
  const tag = parseTag('0a1b2c3d4e5f60718293a4b5c6d7e8f901234567');
  return {
    image: anImage(),
    tags: [parseTag('latest'), tag],
    pushedAt: parseInstant('2026-11-20T02:00:00.000Z'),
    provenance: aProvenance(aTagEvidence(tag)),
    ...overrides,
  };
}

/** What is around a notice when all of it could be read. */
export function aBackground(overrides: Partial<Background> = {}): Background {
  return {
    before: { digest: parseDigest(`sha256:${'cd'.repeat(32)}`), commit: '9f8e7d6' },
    links: {
      commit: 'https://github.com/demo/api/commit/0a1b2c3',
      compare: 'https://github.com/demo/api/compare/9f8e7d6...0a1b2c3',
      datadog: 'https://app.datadoghq.eu/monitors/manage?q=tag%3Amanaged_by%3Ascan-response',
      runbook: 'https://wiki.example.com/runbook',
    },
    pushed: { at: parseInstant('2026-11-20T01:59:00.000Z'), by: untrusted('role/ci') },
    runs: {
      workloads: [{ account: '111122223333', region: 'eu-west-1', cluster: 'prod', name: 'api', tasks: 3 }],
      more: 2,
    },
    open: { since: parseInstant('2026-11-16T22:00:00.000Z'), seconds: 273_600.5 },
    ...overrides,
  };
}

/** A package without a fix. */
export function aPackage(name: string, version = '3.0.1'): Package {
  return { name: untrusted(name), version: untrusted(version) };
}

export function aFinding(overrides: Partial<Finding> = {}): Finding {
  return {
    id: untrusted('CVE-2026-1001'),
    severity: 'CRITICAL',
    packages: [{ name: untrusted('openssl'), version: untrusted('3.0.1'), fixedIn: untrusted('3.0.2') }],
    score: 9.8,
    fix: 'all',
    exploitKnown: false,
    platforms: [],
    ...overrides,
  };
}

export function aShownFinding(overrides: Partial<ShownFinding> = {}): ShownFinding {
  return { ...aFinding(), isNew: true, ...overrides };
}

export function aFound(overrides: Partial<ScanSummary> = {}): ScanSummary {
  return {
    scanType: 'enhanced',
    completedAt: parseInstant('2026-11-20T02:01:00.000Z'),
    counts: toCounts({ CRITICAL: 1, HIGH: 2, MEDIUM: 3 }),
    fixable: toCounts({ CRITICAL: 1 }),
    shown: [aShownFinding()],
    newCount: 1,
    stillOpenCount: 0,
    notifyAt: 'CRITICAL',
    ...overrides,
  };
}

export function aNotice(overrides: Partial<Notice> = {}): Notice {
  const subject = overrides.subject ?? aSubject();
  return {
    kind: 'notice',
    key: 'open-0123456789abcdef0123456789abcdef',
    reason: 'new-findings',
    subject,
    references: ['latest'],
    found: aFound(),
    platforms: [{ digest: subject.image.digest, state: 'scanned' }],
    ...overrides,
  };
}

export function aMeasurement(overrides: Partial<Measurement> = {}): Measurement {
  return {
    kind: 'measurement',
    key: 'scan-0123456789abcdef0123456789abcdef',
    image: anImage(),
    scanType: 'enhanced',
    gauges: [
      { reference: 'latest', counts: toCounts({ CRITICAL: 1, HIGH: 2 }), fixable: toCounts({ CRITICAL: 1 }) },
    ],
    ...overrides,
  };
}
