import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basicAnswer, enhancedAnswer } from '../../local/ecr/findings.ts';
import { rateLimited } from '../../local/slack.ts';
import { basicFindings, enhancedFindings } from '../flow/findings.ts';
import { gaugeSet } from '../flow/stack.ts';
import { imageManifest, indexManifest } from './images.ts';
import { leftOf, processesOf } from './left-over.ts';
import { type Service, startService } from './service.ts';

const COMMIT = '4f0c2d1e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d';
const OTHER = '9b7e3c5a1d2f4e6b8a0c9d7e5f3b1a2c4d6e8f0a';

let started: Service | undefined;
beforeAll(async () => {
  started = await startService();
});
afterAll(async () => started?.stop());

function service(): Service {
  if (!started) throw new Error('the service is not deployed');
  return started;
}

/** What each sink has of a repository: Slack, SNS, Datadog's events, sets of gauges. */
function told(repository: string): readonly number[] {
  const { slack, sns, events, gauges } = service().farEnd.got(repository);
  return [slack.length, sns.length, events.length, gauges.length];
}

/** Lets a second pass, since the emulated bus gives whole seconds; returns the instant in the middle of it. */
async function pause(): Promise<string> {
  await sleep(1000);
  const instant = new Date().toISOString();
  await sleep(1000);
  return instant;
}

/** The JSON document that the look-up answers with. */
async function ask(...args: readonly string[]) {
  const { code, out, error } = await service().deployment.cli(...args, '--json');
  expect({ code, error }).toEqual({ code: 0, error: '' });
  return JSON.parse(out);
}

test('the real template is deployed, all of it', () => {
  const { resourceTypes } = service().deployment;
  expect(Object.fromEntries(resourceTypes)).toMatchObject({
    'AWS::Lambda::Function': 5,
    'AWS::Lambda::EventSourceMapping': 5,
    'AWS::SQS::Queue': 10,
    'AWS::DynamoDB::Table': 2,
    'AWS::Events::Rule': 3,
    'AWS::SNS::Topic': 2,
    'AWS::IAM::Role': 5,
    'AWS::CloudWatch::Alarm': 10,
  });
});

describe('pushes', () => {
  test('a push is remembered: tag event, tag head, image, repository', async () => {
    const image = imageManifest('pushed');
    await service().push('cloud/pushed', image, [COMMIT]);
    const where = '111122223333#eu-west-1#cloud/pushed';
    const { digest } = image;
    expect(await service().items('lineage', 'cloud/pushed')).toMatchObject([
      { pk: `IMG#${digest}`, sk: `AT#${where}`, kind: 'image', tags: new Set([COMMIT]) },
      { pk: 'NAME#cloud/pushed', account: '111122223333', region: 'eu-west-1' },
      { pk: `REPO#${where}`, sk: `TAG#${COMMIT}`, digest },
      {
        pk: `TAG#${where}#${COMMIT}`,
        sk: expect.stringMatching(/^E#\d{4}-/),
        op: 'push',
        digest,
      },
    ]);
  });

  test('latest moves: who names both commits, each at its time; history has both', async () => {
    const [first, second] = [imageManifest('moved-1'), imageManifest('moved-2')];
    await service().push('cloud/moved', first, [COMMIT, 'latest']);
    const between = await pause();
    await service().push('cloud/moved', second, [OTHER, 'latest']);
    const then = await ask('who', 'cloud/moved:latest', '--at', between);
    const now = await ask('who', 'cloud/moved:latest');
    expect(then).toMatchObject({ digest: first.digest, provenance: { best: { commit: COMMIT } } });
    expect(then.until).toBe(now.since);
    expect(now).toMatchObject({ digest: second.digest, provenance: { best: { commit: OTHER } } });
    expect(now).not.toHaveProperty('until');

    const history = await ask('history', 'cloud/moved:latest');
    expect(history).toMatchObject({
      schema: 'scan-response.history/v1',
      entries: [
        {
          op: 'push',
          at: now.since,
          digest: second.digest,
          provenance: { best: { commit: OTHER } },
        },
        {
          op: 'push',
          at: then.since,
          digest: first.digest,
          provenance: { best: { commit: COMMIT } },
        },
      ],
    });
    expect(history.entries).toHaveLength(2);
  });

  test('a deleted tag is remembered as deleted, and what it was before', async () => {
    const image = imageManifest('deleted');
    await service().push('cloud/deleted', image, ['v1']);
    const detail = { 'repository-name': 'cloud/deleted', 'image-digest': image.digest, 'image-tag': 'v1' };
    await pause();
    await service().send('ecr-image-action.delete', detail);
    await service().settled();
    const history = await ask('history', 'cloud/deleted:v1');
    expect(history.entries).toMatchObject([{ op: 'delete' }, { op: 'push', digest: image.digest }]);
    const { code, error } = await service().deployment.cli('who', 'cloud/deleted:v1');
    expect(code).toBe(2);
    expect(error).toContain('cloud/deleted:v1 was deleted at ');
  });

  test('an event that nobody can use lies in the dead letters with its reason', async () => {
    const detail = { 'repository-name': 'cloud/malformed', 'image-digest': undefined };
    await service().send('ecr-image-action.push', detail);
    await expect
      .poll(() => service().farEnd.got('cloud/malformed').deadLetters, { timeout: 20_000 })
      .toMatchObject([{ attributes: { reason: expect.stringMatching(/^detail\.image-digest is missing/) } }]);
    const [letter] = service().farEnd.got('cloud/malformed').deadLetters;
    expect(JSON.parse(letter?.body ?? '')).toMatchObject({
      source: 'aws.ecr',
      account: '111122223333',
      detail: { 'repository-name': 'cloud/malformed', 'image-tag': 'latest' },
    });
  });
});

describe('scans', () => {
  test('a clean scan is zero in every gauge whatever the event says, and no message', async () => {
    const image = imageManifest('clean');
    await service().push('cloud/clean', image, ['latest']);
    await service().scan('cloud/clean', image, basicAnswer([]));
    expect(service().farEnd.got('cloud/clean').gauges).toEqual([gaugeSet('latest')]);
    expect(told('cloud/clean')).toEqual([0, 0, 0, 1]);
  });

  test('criticals are in Slack, SNS and Datadog, with the attributes to filter on; the same event again is silent', async () => {
    const image = imageManifest('critical');
    await service().push('cloud/critical', image, ['latest']);
    const answer = basicAnswer([...basicFindings('CRITICAL', 2), ...basicFindings('LOW', 3)]);
    await service().scan('cloud/critical', image, answer);
    const { slack, sns, events, gauges } = service().farEnd.got('cloud/critical');
    expect(gauges).toEqual([gaugeSet('latest', { critical: 2, low: 3 })]);
    expect(slack).toHaveLength(1);
    expect(slack[0]).toMatch(
      /2 critical in cloud\/critical:latest.*CVE-2026-CRITICAL-0.*CVE-2026-CRITICAL-1/s,
    );
    expect(events).toMatchObject([{ text: expect.stringContaining('CVE-2026-CRITICAL-1') }]);
    expect(sns).toMatchObject([
      {
        subject: expect.stringContaining('2 critical in cloud/critical:latest'),
        body: {
          event: 'opened',
          digest: image.digest,
          counts: { CRITICAL: 2, LOW: 3 },
          findings: [{ id: 'CVE-2026-CRITICAL-0' }, { id: 'CVE-2026-CRITICAL-1' }],
        },
        attributes: {
          event: 'opened',
          severity: 'CRITICAL',
          repository: 'cloud/critical',
          image_tag: 'latest',
          account: '111122223333',
          region: 'eu-west-1',
          critical: '2',
        },
      },
    ]);

    const ledger = await service().items('ledger', 'cloud/critical');
    const looks = service().scanWay.looks.length;
    const detail = { 'repository-name': 'cloud/critical', 'image-digest': image.digest };
    await service().send('ecr-image-scan.complete', detail);
    await service().send('ecr-image-scan.complete', detail);
    await service().settled();
    expect(service().scanWay.looks.length).toBeGreaterThan(looks);
    expect(told('cloud/critical')).toEqual([1, 1, 1, 1]);
    expect(await service().items('ledger', 'cloud/critical')).toEqual(ledger);
  });

  test('an index of two platforms is one message', async () => {
    const [amd64, arm64] = [imageManifest('amd64'), imageManifest('arm64')];
    const index = indexManifest({ 'linux/amd64': amd64, 'linux/arm64': arm64 });
    await service().push('cloud/index', amd64);
    await service().push('cloud/index', arm64);
    await service().push('cloud/index', index, ['release-1']);
    for (const image of [amd64, arm64]) await service().scanner.know('cloud/index', image);
    await service().scanner.answer('cloud/index', amd64, enhancedAnswer(enhancedFindings('CRITICAL', 1)));
    await service().scan('cloud/index', arm64, enhancedAnswer(enhancedFindings('CRITICAL', 2)));
    const detail = { 'repository-name': 'cloud/index', 'image-digest': amd64.digest };
    await service().send('inspector2-scan.initial', detail);
    await service().settled();
    expect(told('cloud/index')).toEqual([1, 1, 1, 1]);
    const { sns, gauges } = service().farEnd.got('cloud/index');
    expect(gauges).toEqual([gaugeSet('release-1', { critical: 2 })]);
    expect(sns).toMatchObject([
      {
        body: {
          digest: index.digest,
          tags: ['release-1'],
          platforms: [{ platform: 'linux/amd64' }, { platform: 'linux/arm64' }],
          findings: [{ platforms: ['linux/amd64', 'linux/arm64'] }, { platforms: ['linux/arm64'] }],
        },
      },
    ]);
  });

  test('a scan that is not there yet is waited for, then told', async () => {
    const image = imageManifest('late');
    await service().push('cloud/late', image, ['latest']);
    await service().scanner.know('cloud/late', image);
    await service().send('ecr-image-scan.complete', {
      'repository-name': 'cloud/late',
      'image-digest': image.digest,
    });
    const looks = () =>
      service()
        .scanWay.looks.filter(({ digest }) => digest === image.digest)
        .map(({ answer }) => answer);
    await expect.poll(looks, { timeout: 20_000 }).toContainEqual('ScanNotFoundException');
    expect(told('cloud/late')).toEqual([0, 0, 0, 0]);
    await service().scanner.answer('cloud/late', image, basicAnswer(basicFindings('CRITICAL')));
    await service().settled();
    expect(looks().at(-1)).toBe('COMPLETE');
    expect(service().farEnd.got('cloud/late').gauges).toEqual([gaugeSet('latest', { critical: 1 })]);
    expect(told('cloud/late')).toEqual([1, 1, 1, 1]);
  });

  test('an image that could not be scanned is said, and is no number', async () => {
    const image = imageManifest('unscannable');
    await service().push('cloud/unscannable', image, ['latest']);
    const description = 'UnsupportedImageError: The operating system is not supported.';
    await service().scan('cloud/unscannable', image, { status: 'FAILED', description });
    const { slack, sns } = service().farEnd.got('cloud/unscannable');
    expect(slack).toEqual([expect.stringContaining('cloud/unscannable:latest was not scanned: FAILED')]);
    expect(slack[0]).toContain(description);
    expect(sns).toMatchObject([
      { body: { counts: null, notScanned: { status: 'FAILED' } }, attributes: { event: 'not-scanned' } },
    ]);
    expect(told('cloud/unscannable')).toEqual([1, 1, 1, 0]);
  });

  test('an image without a tag is told as the newest push', async () => {
    const image = imageManifest('untagged');
    await service().push('cloud/untagged', image);
    await service().scan('cloud/untagged', image, basicAnswer(basicFindings('CRITICAL')));
    const { slack, gauges } = service().farEnd.got('cloud/untagged');
    expect(gauges).toEqual([gaugeSet('/newest-push', { critical: 1 })]);
    expect(slack).toEqual([expect.stringContaining('1 critical in cloud/untagged (newest push)')]);
  });

  test('250 findings over three pages are 250, and the criticals of the last page are named', async () => {
    const image = imageManifest('pages');
    await service().push('cloud/pages', image, ['latest']);
    const findings = [...enhancedFindings('LOW', 247), ...enhancedFindings('CRITICAL', 3)];
    await service().scan('cloud/pages', image, enhancedAnswer(findings));
    const looks = service().scanWay.looks.filter(({ digest }) => digest === image.digest);
    expect(looks.map(({ page }) => page)).toEqual([0, 1, 2]);
    const { gauges, fixable, slack } = service().farEnd.got('cloud/pages');
    expect(gauges).toEqual([gaugeSet('latest', { critical: 3, low: 247 })]);
    expect(fixable).toEqual([gaugeSet('latest', { critical: 3, low: 247 })]);
    expect(slack).toEqual([expect.stringContaining('CVE-2026-CRITICAL-2')]);
  });

  test('Slack says 429: the message comes when Slack asked for it, once, and the others did not wait', async () => {
    const image = imageManifest('limited');
    await service().push('cloud/limited', image, ['latest']);
    service().farEnd.slack.plan(rateLimited(3));
    const scanned = service().scan('cloud/limited', image, basicAnswer(basicFindings('CRITICAL')));
    await expect.poll(() => told('cloud/limited'), { timeout: 20_000 }).toEqual([0, 1, 1, 1]);
    await scanned;
    expect(told('cloud/limited')).toEqual([1, 1, 1, 1]);
    const ledger = await service().items('ledger', 'cloud/limited');
    const deliveries = ledger.filter(({ sk }) => `${sk}`.startsWith('DLV#'));
    expect(deliveries.map(({ state, attempts }) => `${state} ${attempts}`).sort()).toEqual([
      'SENT 1',
      'SENT 1',
      'SENT 1',
      'SENT 2',
    ]);
  });
});

describe('the end', () => {
  test('serverless remove leaves nothing but the two tables, which the template retains', async () => {
    await service().deployment.remove();
    const { tables } = service().deployment;
    expect(await leftOf(service().emulators, service().deployment.stackName)).toEqual({
      stacks: [],
      functions: [],
      mappings: [],
      queues: [],
      topics: [],
      rules: [],
      tables: [tables.ledger, tables.lineage],
    });
    expect((await service().items('lineage', 'cloud/moved')).length).toBeGreaterThan(0);
  });

  test('the emulators leave no process, no port and no file', async () => {
    const { folder, url, motoUrl = '' } = service().emulators;
    expect(processesOf(folder)).not.toEqual([]);
    await service().stop();
    await sleep(200);
    expect(processesOf(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
    for (const gone of [url, motoUrl]) await expect(fetch(gone)).rejects.toThrow('fetch failed');
  });
});
