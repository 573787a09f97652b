import { describe, expect, test } from 'vitest';
import { bury } from '../../../lib/queue/message.ts';
import { bundledCli } from '../../doubles/cli.ts';
import { openQueues } from '../../doubles/sqs.ts';
import { startSts } from '../../doubles/sts.ts';

const run = bundledCli();
const NAMES = ['pushes', 'scans', 'deployments', 'datadog', 'slack', 'sns'] as const;
const digest = `sha256:${'ab'.repeat(32)}`;
const delivery = JSON.stringify({
  v: 1,
  delivery: { subject: { image: { repository: { name: 'demo-api' }, digest } } },
});
const event = JSON.stringify({ detail: { 'repository-name': 'team/web', 'image-digest': digest } });

/** The stage's queues, empty, and the CLI led to them. */
async function aStage() {
  const names = NAMES.flatMap(
    (name) => [`scan-response-dev-${name}`, `scan-response-dev-${name}-dead-letters`] as const,
  );
  const { client, queues, urls } = await openQueues(...names);
  const endpoint = new URL(urls['scan-response-dev-slack']).origin;
  const environment = {
    AWS_ENDPOINT_URL_SQS: endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  return {
    queues,
    environment,
    bury: (name: (typeof NAMES)[number], body: string, reason: string) =>
      bury(client, urls[`scan-response-dev-${name}-dead-letters`], body, reason),
    redrive: (...args: readonly string[]) => run(['redrive', ...args], environment),
  };
}

describe('redrive', () => {
  test('says what lies there and why, and moves it back as it was', async () => {
    const { queues, bury, redrive } = await aStage();
    await bury('slack', delivery, 'slack rejected it: Slack answered 404 no_service');
    await bury('slack', `${delivery} `, 'slack rejected it: Slack answered 404 no_service');
    queues['scan-response-dev-slack-dead-letters'].send({ body: 'no JSON' });
    const { exit, stdout, stderr } = await redrive('slack');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'slack: 3 dead letters',
      '  2 × slack rejected it: Slack answered 404 no_service',
      `      demo-api@${digest}`,
      `      demo-api@${digest}`,
      '  1 × every try failed, or its function crashed: the log of the function says why',
      '      no JSON',
      '  moved 3 back to slack',
      '',
    ]);
    expect(queues['scan-response-dev-slack-dead-letters'].messages()).toEqual([]);
    expect(queues['scan-response-dev-slack'].messages().map(({ body }) => body)).toEqual([
      delivery,
      `${delivery} `,
      'no JSON',
    ]);
  });

  test('--dry-run moves nothing, and what was read is there for the next', async () => {
    const { queues, bury, redrive } = await aStage();
    await bury('scans', event, 'detail: no digest');
    const { exit, stdout } = await redrive('scans', '--dry-run');
    expect(exit).toBe(0);
    expect(stdout).toContain(`      team/web@${digest}`);
    expect(stdout).toContain('left where they are');
    expect(queues['scan-response-dev-scans'].messages()).toEqual([]);
    expect(queues['scan-response-dev-scans-dead-letters'].counts()).toEqual({
      visible: 1,
      inFlight: 0,
      delayed: 0,
    });
  });

  test('all, as a document', async () => {
    const { bury, redrive } = await aStage();
    await bury('sns', delivery, 'sns rejected it');
    const { exit, stdout } = await redrive('all', '--json');
    expect(exit).toBe(0);
    const { queues, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ schema: 'scan-response.redrive/v1', stage: 'dev', dryRun: false });
    expect(queues.map(({ queue, waiting }: Record<string, unknown>) => [queue, waiting])).toEqual(
      NAMES.map((name) => [name, name === 'sns' ? 1 : 0]),
    );
    const about = `demo-api@${digest}`;
    const letter = {
      id: expect.any(String),
      reason: 'sns rejected it',
      about,
      sentAt: '2026-11-20T03:10:00.000Z',
    };
    expect(queues.at(-1)).toEqual({
      ...{ queue: 'sns', waiting: 1, letters: [letter] },
      move: { state: 'COMPLETED', moved: 1 },
    });
  });

  test('more than a page: all are moved, a hundred are read', async () => {
    const { queues, redrive } = await aStage();
    for (let n = 0; n < 120; n += 1) queues['scan-response-dev-pushes-dead-letters'].send({ body: event });
    const { stdout } = await redrive('pushes');
    expect(stdout).toContain('pushes: 120 dead letters');
    expect(stdout).toContain('      and 90 more');
    expect(stdout).toContain('  and 20 more, not read');
    expect(stdout).toContain('moved 120 back to pushes');
    expect(queues['scan-response-dev-pushes'].messages()).toHaveLength(120);
  });

  test('--role takes that role first', async () => {
    const { bury, environment } = await aStage();
    const sts = await startSts();
    await bury('sns', delivery, 'x');
    const role = 'arn:aws:iam::111122223333:role/OperatorRole';
    const args = ['redrive', 'sns', '--role', role];
    const { exit, stdout } = await run(args, { ...environment, AWS_ENDPOINT_URL_STS: sts.url });
    await sts.close();
    expect(exit).toBe(0);
    expect(stdout).toContain('moved 1 back to sns');
    expect(sts.assumed).toEqual([role]);
  });

  test('nothing there is nothing to do', async () => {
    const { redrive } = await aStage();
    expect(await redrive('all')).toMatchObject({
      exit: 0,
      stdout: NAMES.map((name) => `${name}: no dead letters\n`).join(''),
    });
  });

  test('a move that is refused is a fault, and says why', async () => {
    const { queues, bury, redrive } = await aStage();
    await bury('slack', delivery, 'x');
    const settings = queues['scan-response-dev-slack'].settings as { arn: string };
    settings.arn = 'arn:aws:sqs:eu-west-1:111122223333:gone';
    const { exit, stdout } = await redrive('slack');
    expect(exit).toBe(4);
    expect(stdout).toContain('NOT MOVED (REFUSED): ResourceNotFoundException');
  });

  test.each([
    [
      'a queue that there is not',
      ['mail'],
      'redrive takes pushes, scans, deployments, datadog, slack, sns or all',
    ],
    ['no queue', [], 'usage: scan-response redrive <queue>|all'],
    ['a stage that can be none', ['slack', '--stage', 'a b'], '--stage takes letters'],
  ])('%s is wrong usage', async (_, args, words) => {
    const { redrive } = await aStage();
    const { exit, stdout, stderr } = await redrive(...args);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain(words);
  });

  test('a stage that is not there', async () => {
    const { redrive } = await aStage();
    const { exit, stderr } = await redrive('slack', '--stage', 'prod');
    expect(exit).toBe(5);
    expect(stderr).toContain('scan-response-prod-slack-dead-letters');
  });
});
