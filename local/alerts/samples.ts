import { type Digest, digestOf } from '../../lib/image/digest.ts';
import { provenanceOf } from '../../lib/image/provenance.ts';
import { parseTag } from '../../lib/image/reference.ts';
import { untrusted } from '../../lib/image/untrusted.ts';
import { parseInstant } from '../../lib/instant.ts';
import type { Background } from '../../lib/policy/background.ts';
import type { Notice, NoticeReason, ScanSummary, ShownFinding, Subject } from '../../lib/policy/notice.ts';
import { toCounts } from '../../lib/scan/severity.ts';

// Notices as the service makes them, of images that there are not.

const PLACE = { account: '111122223333', region: 'eu-west-1' };
const COMMIT = '9b7e3c5a1d2f4e6b8a0c9d7e5f3b1a2c4d6e8f0a';
const BEFORE = '4f0c2d1e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d';
const FIX = '71c0ffe2a1b3c4d5e6f708192a3b4c5d6e7f8091';
const SOURCE = 'https://github.com/acme/demo-api';
const PUSHED = parseInstant('2026-11-20T01:41:00Z');
const FIXED = parseInstant('2026-11-20T09:17:00Z');

function subject(name: string, more: Partial<Subject> = {}): Subject {
  const tags = ['latest', 'v1.8.1'].map(parseTag);
  return { image: { repository: { ...PLACE, name }, digest: digest(name) }, tags, pushedAt: PUSHED, ...more };
}

function digest(words: string): Digest {
  return digestOf(words);
}

/** The build says so itself. */
function builtFrom(commit: string): Pick<Subject, 'provenance'> {
  const source = { from: 'provenance', document: digest(commit), field: 'resolvedDependencies' } as const;
  const provenance = provenanceOf([], [{ commit, tier: 'builder', source }]);
  return { ...(provenance && { provenance }) };
}

const background: Background = {
  before: { digest: digest('the image before'), commit: BEFORE },
  links: {
    commit: `${SOURCE}/commit/${COMMIT}`,
    compare: `${SOURCE}/compare/${BEFORE}...${COMMIT}`,
    datadog: 'https://app.datadoghq.eu/monitors/manage?q=tag%3Amanaged_by%3Ascan-response',
    runbook: 'https://wiki.example.com/images',
  },
  pushed: { at: PUSHED, by: untrusted('ci/release (mary)') },
  runs: {
    workloads: [
      { ...PLACE, cluster: 'prod', name: 'api', tasks: 6 },
      { ...PLACE, cluster: 'prod', name: 'worker', tasks: 2 },
    ],
    more: 0,
  },
  open: { since: parseInstant('2026-11-18T09:02:00Z'), seconds: 146_400 },
};

function finding(id: string, name: string, version: string, more: Partial<ShownFinding> = {}): ShownFinding {
  const packages = [{ name: untrusted(name), version: untrusted(version) }];
  return {
    ...{ id: untrusted(id), severity: 'CRITICAL', packages, score: 9.8, fix: 'none', exploitKnown: false },
    ...{ platforms: [], isNew: true },
    ...more,
  };
}

function fixed(id: string, name: string, from: string, to: string, more: Partial<ShownFinding> = {}) {
  const packages = [{ name: untrusted(name), version: untrusted(from), fixedIn: untrusted(to) }];
  return finding(id, name, from, { packages, fix: 'all', ...more });
}

const found: ScanSummary = {
  scanType: 'enhanced',
  completedAt: parseInstant('2026-11-20T01:42:00Z'),
  counts: toCounts({ CRITICAL: 3, HIGH: 11, MEDIUM: 42, LOW: 17 }),
  fixable: toCounts({ CRITICAL: 2, HIGH: 6 }),
  notifyAt: 'CRITICAL',
  shown: [
    fixed('CVE-2026-30611', 'openssl', '3.0.11', '3.0.17', { exploitKnown: true }),
    fixed('CVE-2026-28113', 'libxml2', '2.11.4', '2.11.9', { score: 9.1 }),
    finding('CVE-2026-20417', 'curl', '7.88.1', { isNew: false }),
  ],
  ...{ newCount: 2, stillOpenCount: 1, closedCount: 1, ignoredCount: 1 },
};

const DEMO = subject('demo-api', builtFrom(COMMIT));

export const NEW_FINDINGS = notice('new-findings', DEMO, { found, background, route: { owner: 'platform' } });

export const RESOLVED = notice('resolved', fixedSubject(), {
  found: {
    ...found,
    completedAt: parseInstant('2026-11-20T09:18:00Z'),
    counts: toCounts({ HIGH: 4, MEDIUM: 31, LOW: 17 }),
    fixable: toCounts({ HIGH: 1 }),
    ...{ shown: [], newCount: 0, stillOpenCount: 0, closedCount: 3 },
  },
  background: {
    ...background,
    before: { digest: DEMO.image.digest, commit: COMMIT },
    links: {
      ...background.links,
      commit: `${SOURCE}/commit/${FIX}`,
      compare: `${SOURCE}/compare/${COMMIT}...${FIX}`,
    },
    pushed: { at: FIXED, by: untrusted('ci/release (mary)') },
    open: { since: parseInstant('2026-11-18T09:02:00Z'), seconds: 173_760 },
  },
});

function fixedSubject(): Subject {
  const image = { ...DEMO.image, digest: digest('the image with the fix') };
  return { ...DEMO, ...builtFrom(FIX), image, tags: ['latest', 'v1.8.2'].map(parseTag), pushedAt: FIXED };
}

export const NOT_SCANNED = notice('not-scanned', subject('legacy/importer'), {
  unscannable: {
    status: 'UNSUPPORTED_IMAGE',
    description: untrusted('UnsupportedImageError: The operating system is not supported.'),
  },
  platforms: [{ digest: digest('legacy/importer'), state: 'unscannable', status: 'UNSUPPORTED_IMAGE' }],
});

export const REMINDER = notice('reminder-due', DEMO, {
  found: {
    ...found,
    completedAt: parseInstant('2026-11-27T01:42:00Z'),
    shown: found.shown.map((it) => ({ ...it, isNew: false })),
    ...{ newCount: 0, stillOpenCount: 3, closedCount: 0 },
  },
  background: { ...background, open: { since: parseInstant('2026-11-18T09:02:00Z'), seconds: 751_200 } },
});

/** A base image was fixed, and everybody rebuilt at once. */
export const MANY: readonly Notice[] = [
  NEW_FINDINGS,
  ...['payments/api', 'payments/ledger', 'web/shop'].map((name) => one(name, 'new-findings', 1)),
  one('search/indexer', 'better', 1),
  ...['mail/sender', 'web/admin'].map((name) => one(name, 'resolved', 0)),
  NOT_SCANNED,
];

function one(name: string, reason: NoticeReason, critical: number): Notice {
  const isNew = reason === 'new-findings';
  const shown = critical > 0 ? [fixed('CVE-2026-30611', 'openssl', '3.0.11', '3.0.17', { isNew })] : [];
  const newCount = isNew ? critical : 0;
  const counts = toCounts({ CRITICAL: critical, HIGH: 3 });
  const closedCount = isNew ? 0 : 2;
  return notice(reason, subject(name), {
    found: { ...found, counts, shown, newCount, closedCount, stillOpenCount: critical - newCount },
  });
}

function notice(reason: NoticeReason, about: Subject, more: Partial<Notice>): Notice {
  return {
    ...{ kind: 'notice', key: `sample-${reason}`, reason, subject: about, references: ['latest'] },
    platforms: [{ digest: about.image.digest, state: 'scanned' }],
    ...more,
  };
}
