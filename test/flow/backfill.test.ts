import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundledCli } from '../doubles/cli.ts';
import { batchDeleteImage, type CloudTrailServer, putImage, startCloudTrail } from '../doubles/cloudtrail.ts';
import { flowForFile } from './stack.ts';

// What happened before the deployment, from CloudTrail and the registry, on the packaged service.

const flow = flowForFile();
const run = bundledCli();
let trail: CloudTrailServer;
beforeAll(async () => {
  // As slow as the real one.
  trail = await startCloudTrail({ callsPerSecond: 2 });
});
afterAll(() => trail?.close());

const REPOSITORY = 'history/shop';
const COMMITS = ['1a2b3c4', '2b3c4d5', '3c4d5e6'] as const;
const NOW_MS = Math.floor(Date.now() / 1000) * 1000;

/** So many days before this run, and some minutes later. */
function daysAgo(days: number, minutes = 0): Date {
  return new Date(NOW_MS - days * 86_400_000 + minutes * 60_000);
}

function cli(...args: readonly string[]) {
  return run(args, environment());
}

function environment() {
  const { sqs, dynamodb, registry, ecr } = flow().stack;
  return {
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    AWS_ENDPOINT_URL_ECR: ecr.url,
    AWS_ENDPOINT_URL_CLOUDTRAIL: trail.url,
    AWS_REGION: registry.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}

/** Pushes an image that no rule hears of; CloudTrail writes it down, its parts too. */
function pushInSilence(at: Date, tags: readonly string[], platforms?: readonly string[]): string {
  const { registry } = flow().stack;
  const { account, region } = registry;
  const { digest, children } = registry.push(REPOSITORY, { tags, ...(platforms && { platforms }) });
  const images = registry.find(REPOSITORY)?.images;
  const deed = { account, region, repository: REPOSITORY, at };
  for (const part of [digest, ...children.map((it) => it.digest)]) {
    const stored = images?.get(part) ?? expect.fail('not stored');
    images?.set(part, { ...stored, pushedAt: at });
    const names = part === digest ? tags : [undefined];
    for (const tag of names) trail.records.push(putImage(deed, stored, tag));
  }
  return digest;
}

const lineage = () => flow().items('lineage', REPOSITORY);

describe('H: history from before', () => {
  test('H: a rehearsal, an interruption, the rest; then nothing is left to do', async () => {
    const { registry } = flow().stack;
    const { account, region } = registry;
    // Older than CloudTrail's memory, still standing.
    const ancient = pushInSilence(daysAgo(200), ['v0.9']);
    const first = pushInSilence(daysAgo(60), [COMMITS[0], 'latest']);
    const second = pushInSilence(daysAgo(30), [COMMITS[1], 'latest'], ['linux/amd64', 'linux/arm64']);
    const third = pushInSilence(daysAgo(3), [COMMITS[2], 'latest']);
    registry.remove(REPOSITORY, first);
    const deed = { account, region, repository: REPOSITORY, at: daysAgo(20) };
    trail.records.push(batchDeleteImage(deed, first, COMMITS[0]), {
      ...putImage(deed, { digest: first, text: '' }, 'no'),
      errorCode: 'AccessDenied',
    } as never);

    const planned = await cli('backfill', REPOSITORY, '--dry-run');
    expect({ exit: planned.exit, stderr: planned.stderr }).toEqual({ exit: 0, stderr: '' });
    expect(planned.stdout).toContain(
      `  ${REPOSITORY}: 7 of 7 events not on record, and 1 that only the registry knows`,
    );
    expect(planned.stdout).toContain('would send 8 events to scan-response-dev-pushes');
    expect(await lineage()).toEqual([]);

    // What could not be sent is not left out by whoever goes on from there.
    const LINEAGE = { SCAN_RESPONSE_LINEAGE_TABLE: 'scan-response-dev-lineage' };
    const unsent = await run(['backfill', REPOSITORY, '--stage', 'none'], { ...environment(), ...LINEAGE });
    expect(unsent).toMatchObject({ exit: 5, stderr: expect.stringContaining('QueueDoesNotExist') });
    const [, goOn = ''] = /go on from there with --to (\S+)/.exec(unsent.stderr) ?? [];
    expect(Date.parse(goOn)).toBeGreaterThan(daysAgo(3).getTime());

    trail.failAfter(4, 'AccessDeniedException');
    const stopped = await cli('backfill', REPOSITORY);
    expect(stopped.exit).toBe(5);
    expect(stopped.stderr).toMatch(
      /what was sent stays; run it again, or go on from there with --to 20\d\d-/,
    );
    await flow().settled(REPOSITORY);
    const halfway = (await lineage()).filter(({ sk }) => String(sk).startsWith('E#'));
    expect(halfway.map(({ digest }) => digest)).toEqual([third, third]);

    const done = await cli('backfill', '--json');
    expect(JSON.parse(done.stdout)).toMatchObject({
      schema: 'scan-response.backfill/v1',
      events: 6,
      unreadable: 0,
    });
    await flow().settled(REPOSITORY);
    const table = await lineage();
    const again = await cli('backfill', REPOSITORY, '--json');
    expect(JSON.parse(again.stdout).events).toBe(0);
    expect(await lineage()).toEqual(table);
    expect(flow().got(REPOSITORY)).toMatchObject({ slack: [], events: [], sns: [], deadLetters: [] });

    const at = async (when: Date, tag = 'latest') => {
      const { stdout } = await cli('who', `${REPOSITORY}:${tag}`, '--at', when.toISOString(), '--json');
      const { digest, provenance, error } = JSON.parse(stdout);
      return error ?? [digest, provenance?.best.commit];
    };
    expect(await at(daysAgo(60, -1))).toContain('is known from');
    expect(await at(daysAgo(60))).toEqual([first, COMMITS[0]]);
    expect(await at(daysAgo(45))).toEqual([first, COMMITS[0]]);
    expect(await at(daysAgo(30, -1))).toEqual([first, COMMITS[0]]);
    expect(await at(daysAgo(30))).toEqual([second, COMMITS[1]]);
    expect(await at(daysAgo(0))).toEqual([third, COMMITS[2]]);
    expect(await at(daysAgo(10), COMMITS[0])).toContain('was deleted at');
    expect(await at(daysAgo(0), 'v0.9')).toEqual([ancient, undefined]);

    const { stdout: history } = await cli('history', `${REPOSITORY}:latest`);
    expect(history.match(/by role\/ci/g)).toHaveLength(3);
    expect(JSON.stringify(table)).not.toContain('mary.major');
  }, 120_000);

  test('H: what came by itself is not filled in again', async () => {
    const repository = 'history/heard';
    const { registry } = flow().stack;
    const { account, region } = registry;
    const { digest } = flow().push(repository, { tags: ['latest'] });
    await flow().settled(repository);
    const before = await flow().items('lineage', repository);
    const { text } = registry.find(repository)?.images.get(digest) ?? expect.fail('not stored');
    trail.records.push(putImage({ account, region, repository, at: new Date() }, { digest, text }, 'latest'));
    const { stdout } = await cli('backfill', repository, '--from', '1h ago', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ events: 0, repositories: [{ found: 1, missing: 0 }] });
    expect(await flow().items('lineage', repository)).toEqual(before);
  });
});
