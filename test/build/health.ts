import { ALARMS, FUNCTIONS, SCHEDULES } from '../../lib/doctor/blueprint.ts';
import type { Deployment } from '../../lib/doctor/deployment.ts';
import type { Facts, FunctionReadings, QueueFacts } from '../../lib/doctor/facts.ts';
import type { Examination } from '../../lib/doctor/gather.ts';
import { QUEUES } from '../../lib/doctor/queues.ts';
import type { Reading } from '../../lib/doctor/reading.ts';
import { RULES } from '../../lib/doctor/rules.ts';
import { at } from './lineage.ts';

const DEPLOYMENT: Deployment = {
  stage: 'dev',
  place: { partition: 'aws', account: '111122223333', region: 'eu-west-1' },
};

export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:eu-west-1:111122223333:${resource}`;
}

export function found<T>(value: T): Reading<T> {
  return { state: 'found', value };
}

/** A deployment where nothing is wrong. */
export function aHealthyDeployment(): Examination {
  return { deployment: DEPLOYMENT, facts: healthyFacts() };
}

/**
 * The same with other facts: a path into them, such as `rules/image-scan/rule/value/isEnabled`, and what is there
 * instead. Throws when the path leads nowhere, so that a fault cannot silently do nothing.
 */
export function aDeploymentWith(changes: Readonly<Record<string, unknown>>): Examination {
  const facts = healthyFacts();
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('/');
    const last = keys.pop() ?? '';
    const parent = keys.reduce<unknown>((each, key) => (each as Record<string, unknown>)?.[key], facts);
    if (typeof parent !== 'object' || parent === null || !(last in parent)) throw new Error(`No ${path}.`);
    (parent as Record<string, unknown>)[last] = value;
  }
  return { deployment: DEPLOYMENT, facts };
}

function healthyFacts(): Facts {
  const newest = found({ at: at('11:00'), isWhole: true });
  const table = (name: string) => ({
    table: found({
      arn: arn('dynamodb', `table/scan-response-dev-${name}`),
      status: 'ACTIVE',
      isProtected: true,
      indexes: [{ name: 'by-digest', status: 'ACTIVE' }],
    }),
    recovery: found(true),
    newest,
  });
  return {
    rules: Object.fromEntries([
      ...RULES.map((rule) => [rule.name, aRule(rule)]),
      ...SCHEDULES.map((schedule) => [schedule.name, aSchedule(schedule)]),
    ]),
    queues: Object.fromEntries(
      QUEUES.flatMap(({ name }) => [
        [name, found(aQueue(name))],
        [`${name}-dead-letters`, found(aQueue(`${name}-dead-letters`))],
      ]),
    ),
    oldestAges: found({ pushes: 12, scans: 0 }),
    functions: Object.fromEntries(FUNCTIONS.map((drawing) => [drawing.name, aFunction(drawing)])),
    tables: { lineage: table('lineage'), ledger: table('ledger') },
    secrets: {
      datadog: found({ type: 'SecureString', isEmpty: false }),
      slack: found({ type: 'SecureString', isEmpty: false }),
    },
    topics: {
      notices: found({ confirmed: 1, pending: 0 }),
      operations: found({ confirmed: 2, pending: 0 }),
      chat: undefined,
    },
    alarms: found(
      ALARMS.map((name) => ({
        name: `scan-response-dev-${name}`,
        isRinging: false,
        isArmed: true,
        actions: [arn('sns', 'scan-response-dev-operations')],
      })),
    ),
    scanning: found({ type: 'ENHANCED', rules: [{ frequency: 'CONTINUOUS_SCAN', filters: ['*'] }] }),
  };
}

function aRule({ name, source, detailType, queue }: (typeof RULES)[number]) {
  const target = arn('sqs', `scan-response-dev-${queue}`);
  return {
    rule: found({
      arn: arn('events', `rule/scan-response-dev-${name}`),
      isEnabled: true,
      pattern: JSON.stringify({ source: [source], account: ['111122223333'], 'detail-type': [detailType] }),
    }),
    targets: found([{ arn: target, deadLetterArn: `${target}-dead-letters` }]),
  };
}

function aSchedule({ name, every }: (typeof SCHEDULES)[number]) {
  const isEnabled = true;
  return {
    rule: found({
      arn: arn('events', `rule/scan-response-dev-${name}`),
      isEnabled,
      pattern: '',
      schedule: every,
    }),
    targets: found([{ arn: arn('lambda', `function:scan-response-dev-${name}`) }]),
  };
}

function aQueue(name: string): QueueFacts {
  return {
    arn: arn('sqs', `scan-response-dev-${name}`),
    url: `https://sqs.eu-west-1.amazonaws.com/111122223333/scan-response-dev-${name}`,
    waiting: 0,
    visibilitySeconds: 180,
    policy: aQueuePolicy(RULES.filter(({ queue }) => queue === name).map((rule) => rule.name)),
    deadLetterArn: arn('sqs', `scan-response-dev-${name}-dead-letters`),
  };
}

/** The policy of a queue that these rules may send to. */
export function aQueuePolicy(rules: readonly string[]): string {
  return JSON.stringify({
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: '*',
        Condition: {
          ArnEquals: {
            'aws:SourceArn': rules.map((rule) => arn('events', `rule/scan-response-dev-${rule}`)),
          },
        },
      },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });
}

function aMapping(name: string, queue: string) {
  const queueArn = arn('sqs', `scan-response-dev-${queue}`);
  return { id: `mapping-of-${name}`, queueArn, state: 'Enabled', reportsEachFailure: true };
}

function aFunction({ name, queue, grants }: (typeof FUNCTIONS)[number]): FunctionReadings {
  return {
    configuration: found({
      arn: arn('lambda', `function:scan-response-dev-${name}`),
      roleArn: `arn:aws:iam::111122223333:role/scan-response-dev-${name}`,
      state: 'Active',
      lastUpdate: 'Successful',
      timeoutSeconds: 30,
      environment: {
        SCAN_RESPONSE_DATADOG_API_KEY_PARAMETER: '/scan-response/dev/datadog-api-key',
        SCAN_RESPONSE_SLACK_WEBHOOK_PARAMETER: '/scan-response/dev/slack-webhook-url',
        SCAN_RESPONSE_CHAT_TOPIC_ARN: '',
      },
    }),
    reserved: { state: 'absent' },
    mappings: found(queue === undefined ? [] : [aMapping(name, queue)]),
    role: found({
      policies: [
        JSON.stringify({
          Statement: grants.map(({ actions }) => ({ Effect: 'Allow', Action: actions, Resource: '*' })),
        }),
      ],
      attached: [],
    }),
  };
}
