import { untrusted } from '../../lib/image/untrusted.ts';
import { saveAuditCounts } from '../../lib/store/daily-audit.ts';
import { saveVerification } from '../../lib/store/reconciliation.ts';
import { aRepository } from '../build/lineage.ts';
import { aPackage } from '../build/notice.ts';
import type { Tables } from '../doubles/dynamodb.ts';
import { builderSays, commitOf, cve, digestOf, historian, hoursAgo } from './world.ts';

/** In both of the images that matter; and the one that only the newest has. */
export const OLD_CVE = 'CVE-2026-20417';
export const NEW_CVE = 'CVE-2026-30611';

const openssl = {
  packages: [{ ...aPackage('openssl', '3.0.11'), fixedIn: untrusted('3.0.17') }],
  fix: 'all',
  score: 9.8,
} as const;
const curl = {
  packages: [{ ...aPackage('curl', '7.88.1'), fixedIn: untrusted('7.88.2') }],
  fix: 'all',
  score: 7.5,
} as const;
const zlib = { packages: [aPackage('zlib', '1.2.13')], fix: 'none', score: 5.3 } as const;

/** Hours before now at which the tag moved to each of the releases. */
const RELEASES = [330, 305, 262, 230, 190, 168, 140, 110, 86, 62, 40, 26, 14, 4.5];

/** Two weeks of `demo-api:latest`: everything that a time line can show. */
export async function recordDemo(tables: Tables): Promise<void> {
  const demo = historian(tables);
  for (const [nth, hours] of RELEASES.entries()) await release(demo, nth, hours);
  await demo.tag('latest', hoursAgo(200));
  // In one second two builds finished: ECR's events have whole seconds.
  await demo.tag('latest', hoursAgo(26), digestOf('release 10'));
  await saveVerification(tables.lineage, demo.repository, {
    since: hoursAgo(250),
    verifiedAt: hoursAgo(0, 10),
  });
  await demo.look('latest', digestOf('release 13'), hoursAgo(4.4), findingsOf(13), {
    pushedAt: hoursAgo(4.5),
  });
  await recordOthers(tables);
  await recordFleet(tables);
}

async function release(demo: ReturnType<typeof historian>, nth: number, hours: number): Promise<void> {
  const word = `release ${nth}`;
  const digest = digestOf(word);
  const isLast = nth === RELEASES.length - 1;
  const window = { notBefore: hoursAgo(hours + 9), notAfter: hoursAgo(hours) };
  await demo.tag('latest', hoursAgo(hours), digest, nth === 6 ? { window } : {});
  await demo.image(digest, ['latest', ...tagsOf(nth, word)], {
    pushedAt: hoursAgo(hours),
    evidence: evidenceOf(nth, word),
    ...(isLast && { kind: 'index', platforms: platformsOf(word) }),
  });
  if (nth !== 4) await demo.scan(digest, hoursAgo(hours - 0.05), findingsOf(nth));
  const next = RELEASES[nth + 1] ?? 0;
  await demo.run('checkout', digest, hoursAgo(hours - 0.3), isLast ? undefined : hoursAgo(next - 0.3));
  if (nth % 4 === 1)
    await demo.run('worker', digest, hoursAgo(hours - 1), isLast ? undefined : hoursAgo(hours - 70));
}

/** A repository whose history nobody checked, a name that is there twice, and a service of its own. */
async function recordOthers(tables: Tables): Promise<void> {
  const young = historian(tables, aRepository({ name: 'young-api' }));
  await young.tag('latest', hoursAgo(30), digestOf('young'));
  await young.image(digestOf('young'), ['latest'], { pushedAt: hoursAgo(30) });
  for (const region of ['eu-west-1', 'us-east-1']) {
    const shop = historian(tables, aRepository({ name: 'web/shop', region }));
    await shop.tag('latest', hoursAgo(50), digestOf('shop'));
    await shop.image(digestOf('shop'), ['latest'], { pushedAt: hoursAgo(50) });
  }
}

/** What else is in the registry: one of each kind that an overview has to tell apart. */
async function recordFleet(tables: Tables): Promise<void> {
  const verification = { since: hoursAgo(250), verifiedAt: hoursAgo(0, 10) };
  const known = async (name: string) => {
    const it = historian(tables, aRepository({ name }));
    await saveVerification(tables.lineage, it.repository, verification);
    return it;
  };
  const many = (count: number, severity: 'HIGH' | 'MEDIUM') =>
    Array.from({ length: count }, (_, nth) => cve(`CVE-2025-${nth + 4000}`, severity, curl));
  for (const [name, tag, hours, findings] of [
    ['payments/ledger', 'main', 71, [cve('CVE-2026-11111', 'CRITICAL', openssl), ...many(6, 'HIGH')]],
    ['search-api', 'latest', 20, many(3, 'HIGH')],
    ['web/storefront', 'latest', 30, many(14, 'MEDIUM')],
    ['tools/backup', 'latest', 190, []],
    ['tools/lint', 'main', 8, []],
  ] as const) {
    const it = await known(name);
    const digest = digestOf(name);
    await it.tag(tag, hoursAgo(hours), digest);
    await it.image(digest, [tag, commitOf(name)], {
      pushedAt: hoursAgo(hours),
      evidence: [builderSays(name)],
    });
    await it.look(tag, digest, hoursAgo(hours - 0.1), findings, { pushedAt: hoursAgo(hours) });
  }
  await (await known('web/storefront')).run('storefront', digestOf('web/storefront'), hoursAgo(29));
  await recordUnscanned(await known('legacy/mainframe-bridge'), await known('batch/import'));
  await saveAuditCounts(tables.ledger, { finishedAt: hoursAgo(7.5), counts: AUDITED });
}

/** One that AWS cannot scan, after one that it could; and one that was pushed a moment ago. */
async function recordUnscanned(
  bridge: ReturnType<typeof historian>,
  batch: ReturnType<typeof historian>,
): Promise<void> {
  await bridge.tag('latest', hoursAgo(100), digestOf('bridge old'));
  await bridge.look('latest', digestOf('bridge old'), hoursAgo(99), [cve('CVE-2025-4242', 'HIGH', curl)]);
  await bridge.tag('latest', hoursAgo(52), digestOf('bridge new'));
  await bridge.image(digestOf('bridge new'), ['latest', commitOf('bridge')], { pushedAt: hoursAgo(52) });
  await bridge.unscanned('latest', digestOf('bridge new'), hoursAgo(51.9), { pushedAt: hoursAgo(52) });
  await batch.tag('latest', hoursAgo(0, 3), digestOf('batch'));
  await batch.image(digestOf('batch'), ['latest', commitOf('batch')], { pushedAt: hoursAgo(0, 3) });
  await batch.look('latest', digestOf('batch before'), hoursAgo(60), [], { pushedAt: hoursAgo(61) });
}

const REGISTRY = { account: '111122223333', region: 'eu-west-1' };
const AUDITED = [
  { ...REGISTRY, check: 'policy-public', severity: 'HIGH', count: 1 },
  { ...REGISTRY, check: 'lifecycle-none', severity: 'MEDIUM', count: 4 },
  { ...REGISTRY, check: 'tags-without-commit', severity: 'LOW', count: 0 },
] as const;

function tagsOf(nth: number, word: string): readonly string[] {
  if (nth === 2) return [];
  if (nth === 8) return [`main-${commitOf(word).slice(0, 7)}`];
  // A tag that names another commit than the builder does.
  return nth === 11 ? [commitOf('something else')] : [commitOf(word)];
}

function evidenceOf(nth: number, word: string) {
  if (nth === 2 || nth === 8) return [];
  const label = {
    from: 'label',
    document: digestOf(`config ${word}`),
    field: 'org.opencontainers.image.revision',
  } as const;
  if (nth % 3 === 1 && nth < 12) return [builderSays(word, { tier: 'label', source: label })];
  return [builderSays(word), builderSays(word, { tier: 'label', source: label })];
}

function platformsOf(word: string) {
  return ['linux/amd64', 'linux/arm64'].map((platform) => ({
    platform,
    digest: digestOf(`${word} ${platform}`),
  }));
}

function findingsOf(nth: number) {
  const many = (count: number, severity: 'HIGH' | 'MEDIUM' | 'LOW') =>
    Array.from({ length: count }, (_, n) =>
      cve(`CVE-2025-${severity.length}${1000 + n}`, severity, severity === 'HIGH' ? curl : zlib),
    );
  return [
    ...(nth >= 12 ? [cve(NEW_CVE, 'CRITICAL', openssl)] : []),
    ...(nth >= 3 && nth <= 5
      ? [cve('CVE-2026-11111', 'CRITICAL', openssl), cve('CVE-2026-11112', 'CRITICAL', zlib)]
      : []),
    ...(nth >= 1 ? [cve(OLD_CVE, 'HIGH', curl)] : []),
    ...many(nth % 4, 'HIGH'),
    ...many((nth * 7) % 23, 'MEDIUM'),
    ...many((nth * 5) % 41, 'LOW'),
  ];
}
