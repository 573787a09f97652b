import { describe, expect, test } from 'vitest';
import type { DoctorPorts } from '../../../lib/doctor/facts.ts';
import { gather } from '../../../lib/doctor/gather.ts';
import type { Reading } from '../../../lib/doctor/reading.ts';
import { arn, found } from '../../build/health.ts';

type Answer = (...args: readonly string[]) => Reading<unknown>;

/** Ports that all give this answer but for some; `asked` lists the questions. */
function portsThat(answer: Reading<unknown>, some: Readonly<Record<string, Answer>> = {}) {
  const asked: string[] = [];
  const names = ['readRule', 'readTargets', 'readQueue', 'readOldestAges', 'readFunction', 'readMappings'];
  const more = [
    'readReservedConcurrency',
    'readRole',
    'readTable',
    'readRecovery',
    'readNewest',
    'readSecret',
  ];
  const ports = [...names, ...more, 'readTopic', 'readAlarms', 'readScanning'].map((name) => [
    name,
    async (...args: readonly string[]) => {
      asked.push([name, ...args].join(' '));
      return some[name]?.(...args) ?? answer;
    },
  ]);
  return { ports: { now: () => new Date(0), ...Object.fromEntries(ports) } as DoctorPorts, asked };
}

const absent = { state: 'absent' } as const;
const aFunction: Answer = (name) =>
  found({
    arn: arn('lambda', `function:${name}`),
    roleArn: `arn:aws:iam::111122223333:role/service/${name}-role`,
    environment: { SCAN_RESPONSE_SLACK_WEBHOOK_PARAMETER: '/prod/webhook' },
  });

describe('what is asked', () => {
  test('everything under the names of the stage, each thing once', async () => {
    const { ports, asked } = portsThat(absent);
    const { deployment, facts } = await gather('prod', ports);
    expect(deployment).toEqual({ stage: 'prod' });
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked).toContain('readRule scan-response-prod-inspector-scan');
    expect(asked).toContain('readQueue scan-response-prod-sns-dead-letters');
    expect(asked).toContain('readNewest scan-response-prod-ledger ledger');
    expect(asked).toContain('readAlarms scan-response-prod-');
    expect(asked.filter((it) => /Role|Secret|Topic/.test(it))).toEqual([]);
    expect(facts.secrets).toEqual({ datadog: undefined, slack: undefined });
  });

  test('what a function says is followed: its role, its secret, and where it stands', async () => {
    const { ports, asked } = portsThat(absent, { readFunction: aFunction });
    const { deployment } = await gather('prod', ports);
    expect(deployment.place).toEqual({ partition: 'aws', account: '111122223333', region: 'eu-west-1' });
    expect(asked).toContain('readRole scan-response-prod-deliver-sns-role');
    expect(asked.filter((it) => it.startsWith('readSecret'))).toEqual(['readSecret /prod/webhook']);
    expect(asked).toContain('readTopic arn:aws:sns:eu-west-1:111122223333:scan-response-prod-notices');
  });

  test.each([
    ['without a topic for chat', '', false],
    ['with one', arn('sns', 'scan-response-prod-chat'), true],
  ])('%s, named in the environment of deliver-sns', async (_, named, isAsked) => {
    const environment = { SCAN_RESPONSE_CHAT_TOPIC_ARN: named };
    const { ports, asked } = portsThat(absent, {
      readFunction: (name) => {
        const answer = aFunction(name) as Extract<Reading<object>, { state: 'found' }>;
        return found({ ...answer.value, environment });
      },
    });
    const { facts } = await gather('prod', ports);
    const question = 'readTopic arn:aws:sns:eu-west-1:111122223333:scan-response-prod-chat';
    expect(asked.includes(question)).toBe(isAsked);
    expect(facts.topics.chat).toEqual(isAsked ? absent : undefined);
  });

  test('the secret of what a deployment need not have is asked about where it is', async () => {
    const environment = { SCAN_RESPONSE_SLACK_SIGNING_SECRET_PARAMETER: '/prod/signing' };
    const { ports, asked } = portsThat(absent, {
      readFunction: (name) => {
        const answer = aFunction(name ?? '') as Extract<Reading<object>, { state: 'found' }>;
        return name?.endsWith('slack-asked') ? found({ ...answer.value, environment }) : answer;
      },
    });
    expect((await gather('prod', ports)).facts.secrets['slack-command']).toEqual(absent);
    expect(asked).toContain('readSecret /prod/signing');
  });

  test('ages come back under short names', async () => {
    const { ports } = portsThat(absent, { readOldestAges: () => found({ 'scan-response-prod-scans': 7 }) });
    const { facts } = await gather('prod', ports);
    expect(facts.oldestAges).toMatchObject({ value: { scans: 7 } });
  });
});

describe('when AWS says nothing', () => {
  const denied = (action: string) => ({ state: 'denied', action }) as const;

  test('one answer is enough to go on', async () => {
    const { ports } = portsThat(denied('a:B'), { readScanning: () => found({ type: 'BASIC', rules: [] }) });
    expect((await gather('dev', ports)).facts.scanning.state).toBe('found');
  });

  test('nothing but denials: all that is missing is named', async () => {
    const { ports } = portsThat(denied('sqs:B'), { readScanning: () => denied('ecr:A') });
    await expect(gather('dev', ports)).rejects.toThrow('you may do none of ecr:A, sqs:B');
  });

  test('a failure is told in its own words', async () => {
    const { ports } = portsThat(denied('a:B'), {
      readAlarms: () => ({ state: 'failed', name: 'ExpiredTokenException', message: 'log in again' }),
    });
    await expect(gather('dev', ports)).rejects.toMatchObject({
      name: 'ExpiredTokenException',
      message: 'log in again',
    });
  });
});
