import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { parseDigest } from '../../../lib/image/digest.ts';
import type { Image } from '../../../lib/image/reference.ts';
import { raw } from '../../../lib/image/untrusted.ts';
import { findScan } from '../../../lib/registry/scan.ts';
import type { Reading } from '../../../lib/scan/scan.ts';
import { SEVERITIES, toCounts } from '../../../lib/scan/severity.ts';
import { basicAnswer, basicFinding, enhancedAnswer, enhancedFinding } from '../../../local/ecr/findings.ts';
import type { ScanAnswer } from '../../../local/ecr/scan-answer.ts';
import { pushedAt, repositoryName, startRegistry } from '../local/ecr-client.ts';

const clean = toCounts({});

/** A registry with one image, whose scan ECR answers as given; without an answer it was not scanned. */
async function registryWith(answer?: ScanAnswer, options = {}) {
  const { registry, server, client } = await startRegistry(options);
  const { digest } = registry.push(repositoryName, { tags: ['latest'] });
  if (answer) registry.setScan(repositoryName, digest, answer);
  const repository = { account: registry.account, region: registry.region, name: repositoryName };
  const image: Image = { repository, digest: parseDigest(digest) };
  return { registry, server, client, image };
}

async function readingOf(answer?: ScanAnswer): Promise<Reading> {
  const { client, image } = await registryWith(answer);
  return findScan(client, image);
}

function basic(severity: string, count = 1, name = severity) {
  return Array.from({ length: count }, (_, n) =>
    basicFinding({ name: `CVE-${name}-${n}`, severity, package: 'zlib', version: '1.2' }),
  );
}

function enhanced(severity: string, fields: object = {}, id = `CVE-${severity}`) {
  return { ...enhancedFinding({ id, severity, packages: [{ name: 'zlib', version: '1.2' }] }), ...fields };
}

// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html
describe('a status without findings', () => {
  test.each<[string, Reading['state']]>([
    ['COMPLETE', 'pending'],
    ['ACTIVE', 'pending'],
    ['PENDING', 'pending'],
    ['IN_PROGRESS', 'pending'],
    ['FINDINGS_UNAVAILABLE', 'pending'],
    ['FAILED', 'unscannable'],
    ['UNSUPPORTED_IMAGE', 'unscannable'],
    ['SCAN_ELIGIBILITY_EXPIRED', 'unscannable'],
    ['LIMIT_EXCEEDED', 'unscannable'],
    ['IMAGE_ARCHIVED', 'unscannable'],
    ['A_STATUS_OF_TOMORROW', 'unscannable'],
  ])('%s is %s, never clean', async (status, state) => {
    expect(await readingOf({ status })).toEqual({ state, status });
  });

  test('keeps what ECR says about it, as text from outside', async () => {
    const description = 'UnsupportedImageError: \u001b[2J <!channel>';
    expect(await readingOf({ status: 'FAILED', description })).toEqual({
      state: 'unscannable',
      status: 'FAILED',
      description,
    });
  });

  test.each(['FAILED', 'UNSUPPORTED_IMAGE', 'SCAN_ELIGIBILITY_EXPIRED', 'PENDING', 'IN_PROGRESS'])(
    '%s stays without findings even when an empty list stands beside it',
    async (status) => {
      const reading = await readingOf({ status, counts: {}, findings: [] });
      expect(reading).toMatchObject({ status });
      expect(reading.state).not.toBe('scanned');
    },
  );
});

describe('a scan without findings', () => {
  test.each<[string, ScanAnswer, string]>([
    ['basic', basicAnswer([]), 'basic'],
    ['continuous', enhancedAnswer([]), 'enhanced'],
    ['enhanced on push', enhancedAnswer([], { status: 'COMPLETE' }), 'enhanced'],
  ])('%s, with empty counts, is clean', async (_what, answer, type) => {
    const completedAt = pushedAt.toISOString();
    const reading = await readingOf({ ...answer, completedAt: pushedAt });
    expect(reading).toEqual({ state: 'scanned', type, completedAt, counts: clean, findings: [] });
  });

  test.each<[string, ScanAnswer]>([
    ['complete', basicAnswer([], { counts: undefined })],
    ['active', enhancedAnswer([], { counts: undefined })],
    ['active in the shape of basic', { status: 'ACTIVE', findings: [] }],
    ['complete, with both lists', { status: 'COMPLETE', findings: [], enhancedFindings: [] }],
  ])('%s, without counts, cannot be read yet', async (_what, answer) => {
    expect(await readingOf(answer)).toEqual({ state: 'pending', status: answer.status });
  });
});

describe('what is not there', () => {
  test('a scan that ECR has not heard of may still come', async () => {
    expect(await readingOf()).toEqual({ state: 'pending', status: 'NOT_FOUND' });
  });

  test('an image that was deleted is gone', async () => {
    const { registry, client, image } = await registryWith(basicAnswer([]));
    registry.remove(repositoryName, image.digest);
    expect(await findScan(client, image)).toEqual({ state: 'gone' });
  });

  test('an image in a repository that was deleted is gone', async () => {
    const { client, image } = await registryWith(basicAnswer([]));
    const repository = { ...image.repository, name: 'deleted' };
    expect(await findScan(client, { ...image, repository })).toEqual({ state: 'gone' });
  });
});

describe('the counts', () => {
  const everySeverity = SEVERITIES.map((severity) => enhanced(severity));

  test.each<[string, ScanAnswer, Record<string, number>]>([
    [
      'every severity by its name',
      enhancedAnswer(everySeverity),
      Object.fromEntries(SEVERITIES.map((it) => [it, 1])),
    ],
    ['only UNTRIAGED', enhancedAnswer([enhanced('UNTRIAGED')]), { UNTRIAGED: 1 }],
    ['only UNDEFINED', basicAnswer(basic('UNDEFINED', 2)), { UNDEFINED: 2 }],
    ['a severity of tomorrow', enhancedAnswer([enhanced('CATASTROPHIC')]), { UNDEFINED: 1 }],
    ['a severity in another case', basicAnswer(basic('Critical'), { counts: {} }), { CRITICAL: 1 }],
    [
      'more counted than listed',
      basicAnswer(basic('HIGH'), { counts: { CRITICAL: 2, HIGH: 5 } }),
      { CRITICAL: 2, HIGH: 5 },
    ],
    [
      'more listed than counted',
      basicAnswer(basic('CRITICAL', 3), { counts: { CRITICAL: 1, LOW: 7 } }),
      { CRITICAL: 3, LOW: 7 },
    ],
    ['counted without a list', { status: 'COMPLETE', counts: { CRITICAL: 2 } }, { CRITICAL: 2 }],
    [
      'a total is no severity',
      { status: 'COMPLETE', counts: { LOW: 2, TOTAL: 2 }, findings: basic('LOW', 2) },
      { LOW: 2 },
    ],
  ])('%s', async (_what, answer, expected) => {
    const reading = await readingOf(answer);
    expect(reading).toMatchObject({ state: 'scanned', counts: { ...clean, ...expected } });
  });

  // AWS does not say whether its counts hold what is suppressed.
  test.each([
    ['without them', { CRITICAL: 1, HIGH: 1 }],
    ['with them', { CRITICAL: 3, HIGH: 1 }],
    ['with some of them', { CRITICAL: 2, HIGH: 1 }],
  ])('leave out what somebody suppressed and what is closed: AWS counts %s', async (_, counts) => {
    const answer = enhancedAnswer(
      [
        enhanced('CRITICAL', { status: 'SUPPRESSED' }, 'CVE-suppressed'),
        enhanced('CRITICAL', { status: 'CLOSED' }, 'CVE-closed'),
        enhanced('CRITICAL', { status: 'ACTIVE' }, 'CVE-open'),
        enhanced('HIGH', { status: undefined }, 'CVE-without-status'),
      ],
      { counts },
    );
    const reading = await readingOf(answer);
    expect(reading).toMatchObject({
      counts: { ...clean, CRITICAL: 1, HIGH: 1 },
      dismissed: { ...clean, CRITICAL: 2 },
    });
    expect(reading).not.toHaveProperty('short');
    expect(idsOf(reading)).toEqual(['CVE-open', 'CVE-without-status']);
  });
});

test('a list with suppressed findings that is short is not believed', async () => {
  const answer = enhancedAnswer([enhanced('CRITICAL', { status: 'SUPPRESSED' })], {
    counts: { CRITICAL: 2 },
  });
  expect(await readingOf(answer)).toMatchObject({ counts: { ...clean, CRITICAL: 2 }, short: ['CRITICAL'] });
});

describe('all pages are read', () => {
  const calm = {
    basic: basic('LOW', 2497),
    enhanced: basic('LOW', 2497).map(({ name }) => enhanced('LOW', {}, name)),
  };
  const bad = {
    basic: basic('CRITICAL', 3),
    enhanced: [0, 1, 2].map((n) => enhanced('CRITICAL', {}, `CVE-CRITICAL-${n}`)),
  };

  test.each<[string, ScanAnswer]>([
    ['basic', basicAnswer([...calm.basic, ...bad.basic])],
    ['enhanced', enhancedAnswer([...calm.enhanced, ...bad.enhanced])],
  ])('%s: 2,500 findings, the critical ones at the end', async (_type, answer) => {
    const reading = await readingOf(answer);
    expect(reading).toMatchObject({ counts: { ...clean, LOW: 2497, CRITICAL: 3 } });
    expect(idsOf(reading)).toHaveLength(2500);
    expect(idsOf(reading).slice(-3)).toEqual(['CVE-CRITICAL-0', 'CVE-CRITICAL-1', 'CVE-CRITICAL-2']);
  });

  test('and none is held while the next is asked for', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const { client, image } = await registryWith(enhancedAnswer(calm.enhanced.slice(0, 500)));
    const pages: WeakRef<object>[] = [];
    let held = 0;
    client.middlewareStack.add((next) => async (args) => {
      await new Promise(setImmediate);
      collect();
      held = Math.max(held, pages.filter((page) => page.deref()).length);
      const answer = await next(args);
      const [finding] = Object(answer.output).imageScanFindings.enhancedFindings;
      pages.push(new WeakRef(finding));
      return answer;
    });
    expect(idsOf(await findScan(client, image))).toHaveLength(500);
    expect(pages).toHaveLength(5);
    expect(held).toBe(0);
  });
});

describe('a failure of ECR', () => {
  const operation = 'DescribeImageScanFindings';

  test('that passes is tried again', async () => {
    const { server, client, image } = await registryWith(basicAnswer([]), { maxAttempts: 3 });
    server.fail(operation, 2, 'ThrottlingException');
    expect(await findScan(client, image)).toMatchObject({ state: 'scanned' });
  });

  test.each(['ThrottlingException', 'AccessDeniedException', 'ServerException'])(
    '%s that does not pass is thrown, and nothing is taken for clean',
    async (code) => {
      const { server, client, image } = await registryWith(basicAnswer([]));
      server.fail(operation, 1, code);
      await expect(findScan(client, image)).rejects.toMatchObject({ name: code });
    },
  );

  test('on a later page is thrown: half a list is no list', async () => {
    const answer = enhancedAnswer(basic('LOW', 250).map(({ name }) => enhanced('LOW', {}, name)));
    const { server, client, image } = await registryWith(answer);
    let pages = 0;
    client.middlewareStack.add((next) => (args) => {
      if (++pages === 3) server.fail(operation, 1, 'AccessDeniedException');
      return next(args);
    });
    await expect(findScan(client, image)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

function idsOf(reading: Reading): readonly string[] {
  return reading.state === 'scanned' ? reading.findings.map(({ id }) => raw(id)) : [];
}
