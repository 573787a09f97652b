import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/image/digest.ts';
import type { ListedImage } from '../../../lib/image/listed-image.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { toInstant } from '../../../lib/instant.ts';
import { parseScan } from '../../../lib/intake/parse.ts';
import type { PolicyDocument } from '../../../lib/policy/document.ts';
import { policyFor } from '../../../lib/policy/effective.ts';
import type { ReconcilePorts } from '../../../lib/reconcile/ports.ts';
import { rereadStale } from '../../../lib/reconcile/stale.ts';
import { type ResponsePorts, respond } from '../../../lib/respond.ts';
import { countBySeverity } from '../../../lib/scan/severity.ts';
import { loadBaselines, loadOpenFindings, saveOpenFindings } from '../../../lib/store/open-findings.ts';
import { loadLatestScan, saveScan } from '../../../lib/store/scan.ts';
import { aDigest, anImageOf, aRepository, at } from '../../build/lineage.ts';
import { aFinding } from '../../build/notice.ts';
import { aRegistered } from '../../build/registered.ts';
import { openTables } from '../../doubles/dynamodb.ts';
import { memoryReconcile } from '../../doubles/memory-reconcile.ts';
import { aWorld, memoryResponse } from '../../doubles/memory-response.ts';

const DAY_MS = 86_400_000;
const DEFAULTS = { trackedTags: ['latest'], notifyAt: 'CRITICAL' as const };
const RULE = { cve: 'A', reason: 'not reachable', expires: '2026-11-20' };
const [A, B, C] = ['a', 'b', 'c'].map(aDigest) as [Digest, Digest, Digest];

/** One repository: its images and their criticals, the policy that holds, and what is answered, over a real ledger. */
async function aRegistry() {
  const { ledger } = await openTables();
  const world = aWorld();
  const { ports: memory, queued } = memoryResponse(world);
  const policy: { document?: PolicyDocument } = {};
  let nowMs = Date.parse(at('12:00'));
  const now = () => new Date(++nowMs);
  const policyOf = async () => policyFor('demo-api', policy.document, DEFAULTS, toInstant(now()));
  const response: ResponsePorts = {
    ...{ ...memory, now, policyOf },
    loadOpenFindings: (repository, reference) => loadOpenFindings(ledger, repository, reference),
    saveOpenFindings: (repository, open) => saveOpenFindings(ledger, repository, open),
    saveScan: (subject, key, scan) => saveScan(ledger, subject, key, scan),
  };
  const sent: string[] = [];
  const ports: ReconcilePorts = {
    ...memoryReconcile(now()).ports,
    ...{ now, policyOf },
    loadBaselines: (repository) => loadBaselines(ledger, repository),
    loadLatestScan: (image) => loadLatestScan(ledger, image),
    sendScans: async (bodies) => void sent.push(...bodies),
  };
  return {
    policy,
    image(digest: Digest, tags: readonly string[], ids: readonly string[], pushedAt = '02:00') {
      const findings = ids.map((it) => aFinding({ id: untrusted(it) }));
      const completedAt = at('02:30');
      world.images.set(digest, aRegistered(digest, tags, { pushedAt: at(pushedAt) }));
      const counts = countBySeverity(findings);
      world.scans.set(digest, { state: 'scanned', type: 'basic', completedAt, counts, findings });
    },
    days(count: number) {
      nowMs += count * DAY_MS;
    },
    /** Answers the scan of an image, and says what was decided. */
    async answer(digest: Digest) {
      const [answered] = await respond(anImageOf(digest), 3600, response);
      return answered?.decision.reason;
    },
    /** One look of the reconciler: the images that it has read again. */
    async walk(change: Partial<ListedImage> = {}) {
      const images = [...world.images.values()].map((it) => ({ isArchived: false, ...it, ...change }));
      const count = await rereadStale(aRepository(), images, ports);
      const hints = sent.splice(0).map((it) => parseScan(it));
      expect(hints).toHaveLength(count);
      return hints.map((it) => (it.kind === 'scan-hint' ? it.image.digest : it.kind));
    },
    notices: () => queued.filter(({ kind }) => kind === 'notice').length,
  };
}

describe('the reconciler reads again', () => {
  test('nothing when nothing changed, with a policy and without', async () => {
    const { image, answer, walk, policy } = await aRegistry();
    image(A, ['latest'], ['A']);
    await answer(A);
    expect(await walk()).toEqual([]);
    policy.document = {
      version: 1,
      owner: 'platform',
      renotifyAfter: '7d',
      ignore: [{ ...RULE, cve: 'Z', repository: 'shop' }],
    };
    expect(await walk()).toEqual([]);
  });

  test('exactly the images that people follow and that were seen under another policy', async () => {
    const { image, answer, walk, policy } = await aRegistry();
    image(A, ['1.0'], ['A']);
    image(B, ['latest'], ['B']);
    for (const digest of [A, B]) await answer(digest);
    image(C, ['2.0'], ['C'], '02:10');
    policy.document = { version: 1, notifyAt: 'HIGH' };
    await answer(C);
    // A was the newest push once, C is it now, and has been seen under this policy.
    expect(await walk()).toEqual([B]);
    expect(await answer(B)).toBe('unchanged');
    expect(await walk()).toEqual([]);
  });

  test('again, until it is answered', async () => {
    const { image, answer, walk, policy } = await aRegistry();
    image(A, ['latest'], ['A']);
    await answer(A);
    policy.document = { version: 1, ignore: [RULE] };
    expect([await walk(), await walk()]).toEqual([[A], [A]]);
    expect(await answer(A)).toBe('ignored');
    expect(await walk()).toEqual([]);
  });

  test('a tag that is followed since then, where its scan is on record', async () => {
    const { image, answer, walk, policy } = await aRegistry();
    image(A, ['latest', 'main'], ['A']);
    await answer(A);
    image(B, ['other'], ['B'], '01:00');
    policy.document = { version: 1, track: ['latest', 'main', 'other'] };
    expect(await walk()).toEqual([A]);
    await answer(A);
    expect(await walk()).toEqual([]);
  });

  test.each([
    ['archived', { isArchived: true }],
    ['no image', { kind: 'attestation' as const }],
    ['without a tag', { tags: [] }],
    ['tagged as a signature alone', { tags: [parseTag(`sha256-${'f'.repeat(64)}.sig`)] }],
  ])('nothing that is %s', async (_, change) => {
    const { image, answer, walk, policy } = await aRegistry();
    image(A, ['latest'], ['A']);
    await answer(A);
    policy.document = { version: 1, notifyAt: 'HIGH' };
    expect(await walk(change)).toEqual([]);
  });

  test('the same one of two newest pushes that answers go to', async () => {
    const { image, answer, walk, policy } = await aRegistry();
    image(A, ['1.0'], ['A']);
    image(B, ['1.1'], ['B']);
    for (const digest of [A, B]) await answer(digest);
    policy.document = { version: 1, notifyAt: 'HIGH' };
    expect(await walk()).toEqual([B]);
    await answer(B);
    expect(await walk()).toEqual([]);
  });
});

test('a rule that has ended speaks again, once', async () => {
  const { image, answer, walk, policy, days, notices } = await aRegistry();
  image(A, ['latest'], ['A']);
  policy.document = { version: 1, ignore: [RULE] };
  expect([await answer(A), await walk(), notices()]).toEqual(['ignored', [], 0]);
  days(1);
  expect(await walk()).toEqual([A]);
  expect([await answer(A), notices()]).toEqual(['new-findings', 1]);
  expect([await walk(), await answer(A), notices()]).toEqual([[], 'already-answered', 1]);
});
