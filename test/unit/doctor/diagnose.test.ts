import { describe, expect, test } from 'vitest';
import { diagnose } from '../../../lib/doctor/diagnose.ts';
import { type Diagnosis, idOf } from '../../../lib/doctor/diagnosis.ts';
import type { Examination } from '../../../lib/doctor/gather.ts';
import { aDeploymentWith, aHealthyDeployment, aQueuePolicy, arn, found } from '../../build/health.ts';
import { at } from '../../build/lineage.ts';

const absent = { state: 'absent' };
const restore = /^aws cloudformation create-change-set .*--deployment-mode REVERT_DRIFT --region eu-west-1,/;

/** The policies of a role that may do everything but publish, and publish to this topic alone. */
function publishesTo(topic: string): readonly string[] {
  const all = ['sqs:*', 'dynamodb:*', 'logs:*'].map((Action) => ({ Effect: 'Allow', Action, Resource: '*' }));
  const one = { Effect: 'Allow', Action: 'sns:Publish', Resource: arn('sns', topic) };
  return [JSON.stringify({ Statement: [...all, one] })];
}

/** What is not right, by id. */
function wrong(examination: Examination): readonly (Diagnosis & { readonly id: string })[] {
  const clock = { now: new Date(at('12:00')), say: (instant: string) => `at ${instant}` };
  return diagnose(examination, clock)
    .filter(({ state }) => state !== 'ok')
    .map((diagnosis) => ({ id: idOf(diagnosis), ...diagnosis }));
}

test('nothing is wrong with a healthy deployment, and every area says so', () => {
  expect(wrong(aHealthyDeployment())).toEqual([]);
  const clock = { now: new Date(at('12:00')), say: (instant: string) => `at ${instant}` };
  const diagnoses = diagnose(aHealthyDeployment(), clock);
  expect(new Set(diagnoses.map(({ area }) => area))).toEqual(
    new Set(['registry', 'rule', 'queue', 'function', 'role', 'table', 'sink', 'topic', 'alarm', 'activity']),
  );
  const ids = diagnoses.map(idOf);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a function that a deployment need not have is held to what its code calls, where it is', () => {
  const { deployment, facts } = aHealthyDeployment();
  const { 'deliver-slack': like } = facts.functions;
  if (!like) expect.fail('no function to be like');
  const role = (...actions: string[]) => {
    const Statement = actions.map((Action) => ({ Effect: 'Allow', Action, Resource: '*' }));
    return found({ policies: [JSON.stringify({ Statement })], attached: [] });
  };
  const withRole = (...actions: string[]) => ({
    deployment,
    facts: {
      ...facts,
      functions: { ...facts.functions, 'slack-asked': { ...like, role: role(...actions) } },
    },
  });
  expect(wrong(withRole('dynamodb:*', 'ssm:GetParameter'))).toEqual([]);
  expect(wrong(withRole('dynamodb:Get*', 'dynamodb:BatchGet*', 'dynamodb:Query', 'ssm:*'))).toMatchObject([
    {
      id: 'role.slack-asked.permits',
      state: 'fault',
      says: expect.stringMatching(/dynamodb:PutItem on table ledger/),
    },
  ]);
});

type Row = readonly [
  id: string,
  changes: Readonly<Record<string, unknown>>,
  says: string | RegExp,
  fix: string | RegExp,
];

/** Each finds exactly the one thing that is wrong, in a deployment that is otherwise healthy. */
function finds(state: string, rows: readonly Row[]): void {
  test.each(rows)(`${state} %s %j`, (id, changes, says, fix) => {
    const all = wrong(aDeploymentWith(changes));
    expect(all.map((it) => `${it.state} ${it.id}`)).toEqual([`${state} ${id}`]);
    expect(all[0]?.says).toMatch(says);
    expect(all[0]?.fix).toMatch(fix);
  });
}

const basicRegistry = {
  'scanning/value/type': 'BASIC',
  'scanning/value/rules': [{ frequency: 'SCAN_ON_PUSH', filters: ['*'] }],
};

describe('rules', () => {
  finds('fault', [
    [
      'rule.image-action.exists',
      { 'rules/image-action': { rule: absent, targets: absent } },
      'scan-response-dev-image-action does not exist: nobody hears of pushes',
      restore,
    ],
    [
      'rule.image-action.enabled',
      { 'rules/image-action/rule/value/isEnabled': false },
      'is disabled: nobody hears of pushes',
      /^aws events enable-rule --name scan-response-dev-image-action --region eu-west-1$/,
    ],
    [
      'rule.image-scan.pattern',
      {
        ...basicRegistry,
        'rules/image-scan/rule/value/pattern': '{"source":["aws.ecr"],"detail-type":["ECR Image Action"]}',
      },
      'does not ask for aws.ecr "ECR Image Scan"',
      restore,
    ],
    [
      'rule.image-scan.pattern',
      { ...basicRegistry, 'rules/image-scan/rule/value/pattern': 'not JSON' },
      'does not ask',
      restore,
    ],
    [
      'rule.image-scan.target',
      { ...basicRegistry, 'rules/image-scan/targets': found([]) },
      'does not send to the queue scan-response-dev-scans',
      "events put-targets --rule scan-response-dev-image-scan --targets 'Id=scans,Arn=arn:aws:sqs:eu-west-1:111122223333:scan-response-dev-scans,DeadLetterConfig={Arn=arn:aws:sqs:eu-west-1:111122223333:scan-response-dev-scans-dead-letters}' --region eu-west-1",
    ],
    [
      'rule.image-scan.dead-letters',
      {
        ...basicRegistry,
        'rules/image-scan/targets': found([{ arn: arn('sqs', 'scan-response-dev-scans') }]),
      },
      'what it cannot deliver is lost',
      'DeadLetterConfig={Arn=',
    ],
  ]);

  // The rule of the other kind of scanning hears nothing as long as the registry stays as it is.
  finds('warning', [
    [
      'rule.inspector-scan.enabled',
      { ...basicRegistry, 'rules/inspector-scan/rule/value/isEnabled': false },
      'nobody hears of enhanced scans',
      'enable-rule --name scan-response-dev-inspector-scan',
    ],
    [
      'rule.image-scan.exists',
      { 'rules/image-scan': { rule: absent, targets: absent } },
      'nobody hears of basic scans',
      restore,
    ],
  ]);
});

describe('queues', () => {
  finds('fault', [
    ['queue.pushes.exists', { 'queues/pushes': absent }, 'scan-response-dev-pushes does not exist', restore],
    ['queue.sns-dead-letters.exists', { 'queues/sns-dead-letters': absent }, 'does not exist', restore],
    [
      'queue.scans.lets-rules-in',
      { 'queues/scans/value/policy': aQueuePolicy(['image-scan']) },
      'does not let scan-response-dev-inspector-scan and scan-response-dev-inspector-finding send',
      restore,
    ],
    [
      'queue.scans.lets-rules-in',
      { 'queues/scans/value/policy': undefined },
      'image-scan and scan-resp',
      restore,
    ],
    [
      'queue.slack.closed',
      {
        'queues/slack/value/policy':
          '{"Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sqs:*","Resource":"*"}}',
      },
      'lets anybody in',
      restore,
    ],
    [
      'queue.scans.redrive',
      { 'queues/scans/value/deadLetterArn': undefined },
      'has no redrive to scan-response-dev-scans-dead-letters',
      'sqs set-queue-attributes --queue-url https://sqs.eu-west-1.amazonaws.com/111122223333/scan-response-dev-scans --attributes',
    ],
    [
      'queue.datadog.visibility',
      { 'queues/datadog/value/visibilitySeconds': 60 },
      'hides a message for 60 s, less than six times the timeout of deliver-datadog',
      'VisibilityTimeout=180',
    ],
    [
      'queue.pushes.visibility',
      { 'functions/image-pushed/configuration/value/timeoutSeconds': 60 },
      'may be worked on twice',
      'VisibilityTimeout=360',
    ],
    [
      'queue.slack-dead-letters.empty',
      { 'queues/slack-dead-letters/value/waiting': 1 },
      /^1 message in scan-response-dev-slack-dead-letters: messages for Slack that no retry could help\.$/,
      'sqs start-message-move-task --source-arn arn:aws:sqs:eu-west-1:111122223333:scan-response-dev-slack-dead-letters',
    ],
  ]);
  finds('warning', [
    [
      'queue.pushes.age',
      { 'oldestAges/value/pushes': 1300 },
      'is 22 min old',
      'aws logs tail /aws/lambda/scan-response-dev-image-pushed --since 1h',
    ],
  ]);
});

describe('functions and their roles', () => {
  finds('fault', [
    [
      'function.deliver-sns.exists',
      {
        'functions/deliver-sns': {
          configuration: absent,
          reserved: absent,
          mappings: absent,
          role: undefined,
        },
      },
      'scan-response-dev-deliver-sns does not exist',
      restore,
    ],
    [
      'function.scan-completed.updated',
      { 'functions/scan-completed/configuration/value/lastUpdate': 'Failed' },
      'its last update Failed',
      /^npx serverless deploy --stage dev --region eu-west-1 --force$/,
    ],
    [
      'function.scan-completed.may-run',
      { 'functions/scan-completed/reserved': found(0) },
      'its reserved concurrency is 0',
      'aws lambda delete-function-concurrency --function-name scan-response-dev-scan-completed',
    ],
    [
      'function.image-pushed.reads-queue',
      { 'functions/image-pushed/mappings/value/0/state': 'Disabled' },
      'the event source mapping is Disabled',
      'aws lambda update-event-source-mapping --uuid mapping-of-image-pushed --enabled',
    ],
    [
      'function.image-pushed.reads-queue',
      { 'functions/image-pushed/mappings': found([]) },
      'nothing empties it',
      restore,
    ],
    [
      'function.image-pushed.reports-failures',
      { 'functions/image-pushed/mappings/value/0/reportsEachFailure': false },
      'one bad message repeats its batch',
      '--function-response-types ReportBatchItemFailures',
    ],
    ['role.image-pushed.exists', { 'functions/image-pushed/role': absent }, 'does not exist', restore],
    [
      'role.deliver-sns.permits',
      {
        'functions/deliver-sns/role/value/policies': [
          '{"Statement":[{"Effect":"Allow","Action":["sqs:*","dynamodb:*"],"Resource":"*"}]}',
        ],
      },
      /does not permit sns:Publish on topic notices\.$/,
      restore,
    ],
    [
      'role.scan-completed.permits',
      { 'functions/scan-completed/role/value/policies': [] },
      /does not permit sqs:ReceiveMessage on queue scans, sqs:\w+ on queue scans, sqs:\w+ on queue scans and 19 more\.$/,
      restore,
    ],
  ]);
  finds('warning', [
    [
      'function.scan-completed.updated',
      { 'functions/scan-completed/configuration/value/lastUpdate': 'InProgress' },
      'is being updated',
      'lambda wait function-updated-v2',
    ],
    [
      'role.deliver-sns.permits',
      { 'functions/deliver-sns/role/value': { policies: [], attached: ['OurOwnPolicy'] } },
      'unless an attached policy does: OurOwnPolicy',
      restore,
    ],
  ]);
});

describe('tables', () => {
  finds('fault', [
    [
      'table.ledger.exists',
      { 'tables/ledger': { table: absent, recovery: absent, newest: absent } },
      'scan-response-dev-ledger does not exist',
      /^Restore it from a backup if there is one/,
    ],
    [
      'table.ledger.active',
      { 'tables/ledger/table/value/status': 'DELETING' },
      'is DELETING',
      'describe-table',
    ],
    [
      'table.lineage.recovery',
      { 'tables/lineage/recovery': found(false) },
      'Point-in-time recovery of scan-response-dev-lineage is off',
      'update-continuous-backups --table-name scan-response-dev-lineage --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true',
    ],
  ]);
  finds('warning', [
    [
      'table.lineage.active',
      { 'tables/lineage/table/value/indexes': [{ name: 'by-commit', status: 'CREATING' }] },
      'The index by-commit of scan-response-dev-lineage is CREATING',
      'describe-table',
    ],
    [
      'table.lineage.protected',
      { 'tables/lineage/table/value/isProtected': false },
      'can be deleted',
      'dynamodb update-table --table-name scan-response-dev-lineage --deletion-protection-enabled',
    ],
  ]);
});

describe('sinks and who listens', () => {
  finds('fault', [
    [
      'sink.datadog.secret',
      { 'secrets/datadog': found({ type: 'String', isEmpty: false }) },
      'is a String',
      'ssm delete-parameter --name /scan-response/dev/datadog-api-key',
    ],
    [
      'sink.slack.secret',
      { 'secrets/slack': found({ type: 'SecureString', isEmpty: true }) },
      '/scan-response/dev/slack-webhook-url is empty',
      'ssm put-parameter --type SecureString --overwrite --name /scan-response/dev/slack-webhook-url',
    ],
    [
      'topic.notices.exists',
      { 'topics/notices': absent },
      'scan-response-dev-notices does not exist',
      restore,
    ],
  ]);
  finds('warning', [
    [
      'topic.notices.listeners',
      { 'topics/notices': found({ confirmed: 0, pending: 0 }) },
      'Nobody listens to scan-response-dev-notices',
      'sns subscribe --topic-arn arn:aws:sns:eu-west-1:111122223333:scan-response-dev-notices',
    ],
    [
      'topic.operations.listeners',
      { 'topics/operations': found({ confirmed: 0, pending: 1 }) },
      ', 1 not confirmed',
      /^Open the confirmation link/,
    ],
  ]);

  const chatArn = arn('sns', 'scan-response-dev-chat');
  const namesChat = {
    'functions/deliver-sns/configuration/value/environment/SCAN_RESPONSE_CHAT_TOPIC_ARN': chatArn,
  };
  finds('fault', [
    [
      'topic.chat.exists',
      { ...namesChat, 'topics/chat': absent },
      'scan-response-dev-chat does not exist',
      /resources\/chat\.cjs/,
    ],
    [
      'role.deliver-sns.permits',
      { ...namesChat, 'functions/deliver-sns/role/value/policies': publishesTo('scan-response-dev-notices') },
      'sns:Publish on topic chat',
      restore,
    ],
  ]);
  finds('warning', [
    [
      'topic.chat.listeners',
      { ...namesChat, 'topics/chat': found({ confirmed: 0, pending: 0 }) },
      'Nobody listens to scan-response-dev-chat: what chat applications are told reaches nobody',
      `Add ${chatArn} to a channel in Amazon Q Developer in chat applications: docs/sns.md`,
    ],
  ]);

  test('who hears by chat, hears', () => {
    const examination = aDeploymentWith({
      ...namesChat,
      'secrets/slack': absent,
      'secrets/datadog': absent,
      'topics/notices': found({ confirmed: 0, pending: 0 }),
      'topics/chat': found({ confirmed: 1, pending: 0 }),
    });
    expect(wrong(examination).map(({ id }) => id)).toEqual(['topic.notices.listeners']);
  });

  test('a sink without a secret is off, which is no fault, and how to turn it on is said', () => {
    const examination = aDeploymentWith({ 'secrets/slack': absent });
    expect(wrong(examination)).toEqual([]);
    const clock = { now: new Date(at('12:00')), say: String };
    expect(
      diagnose(examination, clock).find(({ subject, area }) => area === 'sink' && subject === 'slack'),
    ).toMatchObject({
      state: 'ok',
      says: 'off: there is no parameter /scan-response/dev/slack-webhook-url',
      fix: expect.stringMatching(/^To turn Slack on: aws ssm put-parameter --type SecureString/),
    });
  });

  test('a name that a shell would obey is quoted in the command', () => {
    const variable =
      'functions/deliver-slack/configuration/value/environment/SCAN_RESPONSE_SLACK_WEBHOOK_PARAMETER';
    const examination = aDeploymentWith({
      [variable]: "/a'; rm -rf $HOME",
      'secrets/slack': found({ type: 'SecureString', isEmpty: true }),
    });
    const [empty] = wrong(examination).filter(({ area }) => area === 'sink');
    expect(empty?.fix).toContain(`--name '/a'\\''; rm -rf $HOME' --value "$SECRET"`);
  });

  test('every sink off and nobody subscribed: nobody hears', () => {
    const examination = aDeploymentWith({
      'secrets/slack': absent,
      'secrets/datadog': absent,
      'topics/notices': found({ confirmed: 0, pending: 0 }),
    });
    expect(wrong(examination).map(({ id }) => id)).toEqual(['sink.any.heard', 'topic.notices.listeners']);
  });
});

describe('alarms', () => {
  const withAlarm = (facts: object) => ({
    'alarms/value/3': {
      name: 'scan-response-dev-scans-age',
      isRinging: false,
      isArmed: true,
      actions: ['a'],
      ...facts,
    },
  });
  finds('fault', [
    [
      'alarm.scans-age.exists',
      withAlarm({ name: 'another' }),
      'scan-response-dev-scans-age does not exist',
      restore,
    ],
    ['alarm.scans-age.actions', withAlarm({ actions: [] }), 'it rings and nobody hears', restore],
    [
      'alarm.scans-age.actions',
      withAlarm({ isArmed: false }),
      'switched off',
      'aws cloudwatch enable-alarm-actions --alarm-names scan-response-dev-scans-age',
    ],
  ]);
  finds('warning', [
    ['alarm.scans-age.ringing', withAlarm({ isRinging: true }), 'rings', 'cloudwatch describe-alarm-history'],
  ]);
});

describe('the registry', () => {
  const off = (type: string, rules: readonly object[]) => ({ scanning: found({ type, rules }) });
  finds('fault', [
    [
      'registry.scanning.frequency',
      off('ENHANCED', []),
      'no scan ever arrives',
      '--scan-type ENHANCED --rules',
    ],
    [
      'registry.scanning.frequency',
      off('ENHANCED', [{ frequency: 'SCAN_ON_PUSH', filters: [] }]),
      'no scan ever arrives',
      `'[{"scanFrequency":"SCAN_ON_PUSH","repositoryFilters":[{"filter":"*","filterType":"WILDCARD"}]}]'`,
    ],
  ]);
  finds('warning', [
    ['registry.scanning.frequency', off('BASIC', []), 'MANUAL', 'put-registry-scanning-configuration'],
    [
      'registry.scanning.frequency',
      off('BASIC', [{ frequency: 'MANUAL', filters: ['*'] }]),
      'only when somebody calls StartImageScan',
      '--scan-type BASIC',
    ],
  ]);

  test.each([
    [
      'ENHANCED',
      'inspector-scan',
      'CONTINUOUS_SCAN',
      'enhanced scanning and the rule scan-response-dev-inspector-scan is',
    ],
    ['BASIC', 'image-scan', 'SCAN_ON_PUSH', 'basic scanning and the rule scan-response-dev-image-scan is'],
  ])('a registry with %s scanning needs the rule %s', (type, rule, frequency, says) => {
    const scanning = found({ type, rules: [{ frequency, filters: ['*'] }] });
    const disabled = wrong(aDeploymentWith({ scanning, [`rules/${rule}/rule/value/isEnabled`]: false }));
    expect(disabled.map(({ id }) => id)).toEqual(['registry.scanning.heard', `rule.${rule}.enabled`]);
    expect(disabled[0]?.says).toContain(says);
    expect(disabled[0]?.fix).toContain(`events enable-rule --name scan-response-dev-${rule}`);
    const gone = wrong(aDeploymentWith({ scanning, [`rules/${rule}`]: { rule: absent, targets: absent } }));
    expect(gone.map(({ id }) => id)).toEqual(['registry.scanning.heard', `rule.${rule}.exists`]);
    expect(gone[0]?.fix).toMatch(restore);
  });

  test('filters that leave repositories out are said', () => {
    const scanning = found({ type: 'ENHANCED', rules: [{ frequency: 'SCAN_ON_PUSH', filters: ['prod-*'] }] });
    const clock = { now: new Date(at('12:00')), say: String };
    const [first] = diagnose(aDeploymentWith({ scanning }), clock);
    expect(first?.says).toBe('ENHANCED: SCAN_ON_PUSH for prod-*, other repositories are not scanned');
  });
});

describe('activity', () => {
  const push = 'tables/lineage/newest';
  const scan = 'tables/ledger/newest';
  finds('warning', [
    [
      'activity.push.seen',
      { [push]: found({ isWhole: true }) },
      'No push has been recorded yet',
      'Push an image',
    ],
    [
      'activity.scan.seen',
      { [scan]: found({ isWhole: true }) },
      'No scan has been recorded yet',
      'scanned on push',
    ],
    [
      'activity.push.seen',
      { [push]: found({ at: '2026-10-20T00:00:00.000Z', isWhole: true }) },
      'Quiet for more than 30 days: last push seen at 2026-10-20T00:00:00.000Z.',
      'Push an image',
    ],
    [
      'activity.scan.follows',
      { [scan]: found({ at: '2026-11-18T10:00:00.000Z', isWhole: true }) },
      'scans may not arrive',
      'logs tail /aws/lambda/scan-response-dev-scan-completed',
    ],
  ]);

  test('a part of a table proves no silence', () => {
    const old = found({ at: '2026-08-20T00:00:00.000Z', isWhole: false });
    expect(wrong(aDeploymentWith({ [push]: old, [scan]: old }))).toEqual([]);
    expect(wrong(aDeploymentWith({ [push]: found({ isWhole: false }) }))).toEqual([]);
  });
});

describe('what could not be read', () => {
  const denied = (action: string) => ({ state: 'denied', action });
  test.each([
    ['rules/image-scan/rule', 'events:DescribeRule', 'rule.image-scan.enabled'],
    ['rules/image-scan/targets', 'events:ListTargetsByRule', 'rule.image-scan.target'],
    ['queues/scans', 'sqs:GetQueueAttributes', 'queue.scans.exists'],
    [
      'functions/deliver-sns/configuration',
      'lambda:GetFunctionConfiguration',
      'function.deliver-sns.updated',
    ],
    ['functions/deliver-sns/reserved', 'lambda:GetFunctionConcurrency', 'function.deliver-sns.may-run'],
    ['functions/deliver-sns/mappings', 'lambda:ListEventSourceMappings', 'function.deliver-sns.reads-queue'],
    ['functions/deliver-sns/role', 'iam:GetRolePolicy', 'role.deliver-sns.exists'],
    ['tables/ledger/table', 'dynamodb:DescribeTable', 'table.ledger.active'],
    ['tables/ledger/recovery', 'dynamodb:DescribeContinuousBackups', 'table.ledger.recovery'],
    ['tables/ledger/newest', 'dynamodb:Scan', 'activity.scan.seen'],
    ['secrets/slack', 'ssm:GetParameter', 'sink.slack.secret'],
    ['topics/notices', 'sns:GetTopicAttributes', 'topic.notices.exists'],
    ['alarms', 'cloudwatch:DescribeAlarms', 'alarm.all.exists'],
    ['scanning', 'ecr:GetRegistryScanningConfiguration', 'registry.scanning.frequency'],
  ])('%s is unknown and names %s', (path, action, id) => {
    expect(wrong(aDeploymentWith({ [path]: denied(action) }))).toMatchObject([
      {
        id,
        state: 'unknown',
        says: `not checked: you may not ${action}`,
        fix: expect.stringContaining(`Grant yourself ${action}`),
      },
    ]);
  });

  test('the ages of the queues, for each of them', () => {
    const all = wrong(aDeploymentWith({ oldestAges: denied('cloudwatch:GetMetricData') }));
    expect(all.map(({ id, state }) => `${state} ${id}`)).toEqual(
      ['pushes', 'scans', 'deployments', 'datadog', 'slack', 'sns'].map(
        (name) => `unknown queue.${name}.age`,
      ),
    );
  });

  test('a failure is told in the words of who failed', () => {
    const scanning = { state: 'failed', name: 'ServerException', message: 'try later' };
    expect(wrong(aDeploymentWith({ scanning }))).toMatchObject([
      { state: 'unknown', says: 'not checked: ServerException: try later' },
    ]);
  });

  test('a rule that may not be read leaves open whether the registry is heard', () => {
    const rule = denied('events:DescribeRule');
    const all = wrong(aDeploymentWith({ 'rules/inspector-scan/rule': rule }));
    expect(all.map(({ id, state }) => `${state} ${id}`)).toEqual([
      'unknown registry.scanning.heard',
      'unknown rule.inspector-scan.enabled',
    ]);
  });
});

test('where nothing of the stage stands, that alone is said', () => {
  const nowhere = aHealthyDeployment();
  const gone = (readings: object) => Object.fromEntries(Object.keys(readings).map((name) => [name, absent]));
  const { facts } = nowhere;
  const empty = aDeploymentWith({
    rules: Object.fromEntries(
      Object.keys(facts.rules).map((name) => [name, { rule: absent, targets: absent }]),
    ),
    queues: gone(facts.queues),
    functions: Object.fromEntries(
      Object.keys(facts.functions).map((name) => [
        name,
        { configuration: absent, reserved: absent, mappings: absent, role: undefined },
      ]),
    ),
  });
  expect(wrong(empty)).toMatchObject([
    {
      id: 'stack.dev.exists',
      state: 'fault',
      fix: 'npx serverless deploy --stage dev --region eu-west-1, or name another --stage or --region',
    },
  ]);
});
