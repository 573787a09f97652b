import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { SCHEDULES } from '../../../lib/doctor/blueprint.ts';
import { RULES } from '../../../lib/doctor/rules.ts';
import { ServiceFault } from '../../../local/json-protocol.ts';
import { arn } from '../../build/health.ts';
import { type Answers, openAws } from '../../doubles/aws.ts';
import { bundledCli, cliFile } from '../../doubles/cli.ts';

const run = bundledCli();
const file = cliFile();
const caller = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

/** An AWS that tells of its rules and its registry, and of nothing else. */
function someAnswers(state = 'ENABLED'): Answers {
  const rules = new Map(RULES.map((it) => [`scan-response-dev-${it.name}`, it]));
  return {
    DescribeRule({ Name }) {
      // The schedule may not be read, like all that is not listed here.
      const rule = rules.get(Name);
      const schedule = SCHEDULES.find(({ name }) => Name === `scan-response-dev-${name}`);
      if (schedule)
        return { Arn: arn('events', `rule/${Name}`), State: state, ScheduleExpression: schedule.every };
      if (!rule) throw new ServiceFault('ResourceNotFoundException', `no rule ${Name}`);
      const EventPattern = JSON.stringify({ source: [rule.source], 'detail-type': [rule.detailType] });
      return { Arn: arn('events', `rule/${Name}`), State: state, EventPattern };
    },
    ListTargetsByRule({ Rule }) {
      const isSchedule = SCHEDULES.some(({ name }) => Rule === `scan-response-dev-${name}`);
      if (isSchedule) return { Targets: [{ Id: 'one', Arn: arn('lambda', `function:${Rule}`) }] };
      const rule = rules.get(Rule);
      if (!rule) throw new ServiceFault('ResourceNotFoundException', `no rule ${Rule}`);
      const Arn = arn('sqs', `scan-response-dev-${rule.queue}`);
      return { Targets: [{ Id: 'one', Arn, DeadLetterConfig: { Arn: `${Arn}-dead-letters` } }] };
    },
    GetRegistryScanningConfiguration: () => ({
      scanningConfiguration: {
        scanType: 'ENHANCED',
        rules: [{ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{ filter: '*' }] }],
      },
    }),
  };
}

describe('with some permissions', () => {
  test('goes on, names each that is missing, and finds no fault', async () => {
    const { url } = await openAws(someAnswers());
    const { exit, stdout, stderr } = await run(['doctor'], { ...caller, AWS_ENDPOINT_URL: url });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(
      /^scan-response-dev, 111122223333 eu-west-1, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \(\d\d:\d\d:\d\dZ\)\n/,
    );
    expect(stdout).toContain(
      '  ok       scanning              ENHANCED: CONTINUOUS_SCAN for *, inspector-scan hears',
    );
    expect(stdout).toContain(
      '  ok       image-scan            on, asks for ECR Image Scan, sends to scans, keeps',
    );
    for (const action of ['any:GetQueueUrl', 'lambda:Any', 'any:DescribeTable', 'sns:GetTopicAttributes']) {
      expect(stdout).toContain(`not checked: you may not ${action}\n`);
      expect(stdout.split(`Grant yourself ${action}, or ask somebody who has it.`)).toHaveLength(2);
    }
    expect(stdout).toMatch(/\n0 faults, 0 warnings, \d+ not checked, \d+ ok\n$/);
    expect(stdout).not.toContain('\u001b');
  });

  test('a fault is exit code 4, on stdout, in words and as a document', async () => {
    const { url } = await openAws(someAnswers('DISABLED'));
    const environment = { ...caller, AWS_ENDPOINT_URL: url };
    const { exit, stdout, stderr } = await run(['doctor'], environment);
    expect({ exit, stderr }).toEqual({ exit: 4, stderr: '' });
    const fix = 'aws events enable-rule --name scan-response-dev-inspector-scan --region eu-west-1';
    expect(stdout).toContain(`           fix: ${fix}\n`);
    const document = await run(['doctor', '--json'], environment);
    expect({ exit: document.exit, stderr: document.stderr }).toEqual({ exit: 4, stderr: '' });
    expect(document.stdout.trim().split('\n')).toHaveLength(1);
    const { checks, ...about } = JSON.parse(document.stdout);
    expect(about).toEqual({
      schema: 'scan-response.doctor/v1',
      stage: 'dev',
      account: '111122223333',
      region: 'eu-west-1',
      checkedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      counts: {
        ok: expect.any(Number),
        warning: 1,
        fault: RULES.length + SCHEDULES.length,
        unknown: expect.any(Number),
      },
    });
    expect(checks).toContainEqual({
      id: 'rule.inspector-scan.enabled',
      area: 'rule',
      subject: 'inspector-scan',
      aspect: 'enabled',
      state: 'fault',
      says: 'The rule scan-response-dev-inspector-scan is disabled: nobody hears of enhanced scans that ended.',
      fix,
    });
  });

  test('a stage that is not there is said, with what to do', async () => {
    const { url } = await openAws(someAnswers());
    const { exit, stdout } = await run(['doctor', '--stage', 'prod', '--region', 'eu-west-1'], {
      ...caller,
      AWS_ENDPOINT_URL: url,
    });
    expect(exit).toBe(4);
    expect(stdout).toContain('Nothing of the stage prod is deployed in this account and region.');
    expect(stdout).toContain('fix: npx serverless deploy --stage prod, or name another --stage or --region');
  });

  test('it only asks: every request is a read', async () => {
    const { url, asked } = await openAws(someAnswers());
    await run(['doctor'], { ...caller, AWS_ENDPOINT_URL: url });
    expect(asked.length).toBeGreaterThan(30);
    const reads =
      /^(Describe|List|Get|Scan$|\/20[\d-]+\/(functions\/[^/]+\/(configuration|concurrency)|event-source-mappings)\/?$)/;
    expect(asked.filter((name) => !reads.test(name))).toEqual([]);
  });
});

describe('secrets', () => {
  test('neither words nor document show one, whatever is wrong with it', async () => {
    const secret = 'canary-4f0c2d1e8a7b6c5d';
    const configuration = {
      FunctionArn: arn('lambda', 'function:any'),
      Role: 'arn:aws:iam::111122223333:role/any',
      Environment: {
        Variables: {
          SCAN_RESPONSE_DATADOG_API_KEY_PARAMETER: '/d',
          SCAN_RESPONSE_SLACK_WEBHOOK_PARAMETER: '/s',
        },
      },
    };
    const ofFunctions = ['datadog', 'slack'].map((sink) => [
      `/2015-03-31/functions/scan-response-dev-deliver-${sink}/configuration`,
      () => configuration,
    ]);
    const Parameter = { Type: 'String', Value: secret };
    const GetParameter = () => ({ Parameter });
    const { url } = await openAws({ ...someAnswers(), ...Object.fromEntries(ofFunctions), GetParameter });
    for (const args of [['doctor'], ['doctor', '--json']]) {
      const { exit, stdout, stderr } = await run(args, { ...caller, AWS_ENDPOINT_URL: url });
      expect(exit).toBe(4);
      expect(stdout).toContain('The parameter /d is a String');
      expect(stdout + stderr).not.toContain(secret);
    }
  });
});

describe('when AWS cannot be asked', () => {
  test('no permission at all', async () => {
    const { url } = await openAws();
    const { exit, stdout, stderr } = await run(['doctor'], { ...caller, AWS_ENDPOINT_URL: url });
    expect({ exit, stdout }).toEqual({ exit: 5, stdout: '' });
    expect(stderr).toMatch(
      /^scan-response: AWS could not be asked: AccessDenied: you may do none of any:Describe/,
    );
  });

  test.each([
    ['nobody answers', caller, /ECONNREFUSED/],
    ['no region', { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' }, /[Rr]egion/],
    ['no credentials', { AWS_REGION: 'eu-west-1' }, /credentials/],
  ])('%s', async (_what, environment, words) => {
    const { exit, stdout, stderr, tookMs } = await run(['doctor', '--json'], {
      ...environment,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    });
    expect({ exit, stdout }).toEqual({ exit: 5, stdout: '' });
    expect(stderr).toMatch(words);
    expect(stderr).not.toContain('    at ');
    expect(tookMs).toBeLessThan(10_000);
  });
});

test.each([
  [
    ['doctor', 'demo-api:latest'],
    'usage: scan-response doctor [push|pull REPO[:TAG|@DIGEST]] [--stage NAME] [--region NAME]',
  ],
  [['doctor', '--stage', 'dev; rm'], '--stage takes letters, digits and hyphens'],
  [['doctor', '--stage', ''], '--stage takes letters, digits and hyphens'],
])('%j is wrong usage', async (args, words) => {
  const { exit, stdout, stderr } = await run(args, { ...caller, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
  expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
  expect(stderr).toContain(words);
});

// util-linux's `script` runs a command on a terminal of its own.
describe.skipIf(!existsSync('/usr/bin/script'))('on a terminal', () => {
  async function onTerminal(environment: Readonly<Record<string, string>>): Promise<string> {
    const { url } = await openAws(someAnswers('DISABLED'));
    const command = `${process.execPath} ${file()} doctor; true`;
    const env = { PATH: process.env.PATH, TZ: 'UTC', ...caller, AWS_ENDPOINT_URL: url, ...environment };
    const { stdout } = await promisify(execFile)('/usr/bin/script', ['-qec', command, '/dev/null'], { env });
    return stdout;
  }

  test('the states have colours, and how far it is can be seen', async () => {
    const text = await onTerminal({});
    expect(text).toContain('\u001b[31mFAULT\u001b[0m');
    expect(text).toContain('\u001b[36munknown\u001b[0m');
    expect(text).toContain('\r\u001b[K1 of ');
    expect(text).toContain(' questions answered');
  });

  test('but no colours where NO_COLOR says so', async () => {
    const text = await onTerminal({ NO_COLOR: '1' });
    expect(text).toContain('  FAULT    image-action');
    expect(text).not.toContain('\u001b[3');
  });
});
