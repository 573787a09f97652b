import { describe, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { bundledCli } from '../doubles/cli.ts';
import { basicFindings } from './findings.ts';
import { flowForFile } from './stack.ts';

// What the runbook tells people to do, on the packaged service.

const flow = flowForFile();
const run = bundledCli();
const answer = basicAnswer(basicFindings('CRITICAL', 2));

/** Runs the CLI as a person with credentials would. */
function cli(...args: readonly string[]) {
  const { sqs, dynamodb, registry } = flow().stack;
  return run(args, {
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    AWS_REGION: registry.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
}

/** How much each sink has, what is in the dead letters, and all that both tables hold. */
async function stateOf(repository: string) {
  const { slack, sns, events, gauges, deadLetters } = flow().got(repository);
  return {
    told: [slack.length, sns.length, events.length, gauges.length],
    deadLetters: deadLetters.length,
    ledger: await flow().items('ledger', repository),
    lineage: await flow().items('lineage', repository),
  };
}

describe('O: a channel that was gone', () => {
  test('O: redrive tells each once, and a second one nothing', async () => {
    const repository = 'o/gone';
    flow().stack.slack.plan({ status: 404, body: 'channel_not_found' });
    const { digest } = flow().push(repository);
    flow().scan(repository, digest, answer);
    await flow().settled(repository);
    expect((await stateOf(repository)).told).toEqual([0, 1, 1, 1]);
    expect(flow().got(repository).deadLetters[0]?.reason).toContain('channel_not_found');

    const looked = await cli('redrive', 'slack', '--dry-run');
    expect(looked).toMatchObject({ exit: 0, stderr: '' });
    expect(looked.stdout).toContain(`${repository}@${digest}`);
    expect((await stateOf(repository)).deadLetters).toBe(1);

    const { exit, stdout } = await cli('redrive', 'slack');
    expect({ exit, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
      exit: 0,
      last: '  moved 1 back to slack',
    });
    await flow().settled(repository);
    const after = await stateOf(repository);
    expect([after.told, after.deadLetters]).toEqual([[1, 1, 1, 1], 0]);

    expect((await cli('redrive', 'all')).stdout).toContain('slack: no dead letters');
    expect(await stateOf(repository)).toEqual(after);
  });
});

describe('O: looked at again', () => {
  test('O: nothing changed, so nothing changes', async () => {
    const repository = 'o/same';
    const { digest } = flow().push(repository);
    flow().scan(repository, digest, answer);
    await flow().settled(repository);
    const before = await stateOf(repository);
    const { exit, stdout } = await cli('replay', `${repository}:latest`);
    expect(exit).toBe(0);
    expect(stdout).toBe(
      `${repository}:latest is\n  ${repository}@${digest}\nsent 1 scan hint to scan-response-dev-scans\n`,
    );
    await flow().settled(repository);
    expect(await stateOf(repository)).toEqual(before);
    expect(flow().got(repository).decisions.at(-1)).toBe('silence: already-answered');
  });

  test('O: a scan that nobody heard of is told, by tag and by time', async () => {
    const { registry } = flow().stack;
    const lost = ['o/by-tag', 'o/by-time'].map((repository) => ({ repository, ...flow().push(repository) }));
    for (const { repository } of lost) await flow().settled(repository);
    for (const { repository, digest } of lost) registry.scan(repository, digest, answer);

    const looked = await cli('replay', '--from', '1h ago', '--dry-run', '--json');
    const { images, ...rest } = JSON.parse(looked.stdout);
    expect(rest).toEqual({ schema: 'scan-response.replay/v1', stage: 'dev', dryRun: true, sent: 0 });
    for (const { repository, digest } of lost) {
      const { account, region } = registry;
      expect(images).toContainEqual({ repository: { account, region, name: repository }, digest });
    }
    expect(lost.flatMap(({ repository }) => flow().got(repository).slack)).toEqual([]);

    await cli('replay', 'o/by-tag:latest');
    await flow().settled('o/by-tag');
    expect(lost.map(({ repository }) => flow().got(repository).slack.length)).toEqual([1, 0]);

    await cli('replay', '--from', '1h ago');
    for (const { repository } of lost) await flow().settled(repository);
    expect(lost.map(({ repository }) => flow().got(repository).slack.length)).toEqual([1, 1]);
  });

  test.each([
    ['an image that is not recorded', ['o/never:latest'], 2],
    ['a time without images', ['--from', '2020-01-01T00:00:00Z', '--to', '2020-01-02T00:00:00Z'], 2],
    ['neither', [], 1],
    ['both', ['o/same:latest', '--from', '1h ago'], 1],
    ['a time that ends before it begins', ['--from', '1h ago', '--to', '2h ago'], 1],
  ])('O: %s', async (_, args, exit) => {
    expect((await cli('replay', ...args)).exit).toBe(exit);
  });
});
