import { beforeAll, describe, expect, test } from 'vitest';
import { cfnGuard, judge, ruleFiles, type Verdict } from './guard.ts';
import { type Mutant, mutantsOf, reportedRules, resourcesFor } from './mutants.ts';
import { type Fault, packagedResources, withFault } from './template.ts';

interface Judged {
  readonly whole: Verdict;
  readonly mutants: readonly (Mutant & Verdict)[];
}

const resources = packagedResources();
const judged = new Map<string, Judged>();

const variables = 'DeliverDashslackLambdaFunction/Properties/Environment/Variables';
const statement = (role: string, index: number) =>
  `${role}/Properties/Policies/0/PolicyDocument/Statement/${index}`;

/** Faults that are added, not taken away, and the rule that must see each. */
const PLANTED: readonly (readonly [file: string, rule: string, fault: Fault])[] = [
  ...[
    ['SCAN_RESPONSE_SLACK_WEBHOOK_PARAMETER', 'https://hooks.slack.com/services/x'],
    ['SCAN_RESPONSE_API_KEY', '0123456789abcdef'],
    ['SCAN_RESPONSE_NOTE', '0123456789abcdef0123456789abcdef'],
    ['SCAN_RESPONSE_NOTE', 'see https://hooks.slack.com/services/x'],
    ['DD_SITE', 'datadoghq.com'],
  ].map(
    ([name, value]) =>
      ['functions.guard', 'environment_names_secrets_only', [`${variables}/${name}`, value]] as const,
  ),
  [
    'roles.guard',
    'role_has_no_managed_policy',
    ['DeliverSnsRole/Properties/ManagedPolicyArns', ['arn:aws:iam::aws:policy/AmazonSNSFullAccess']],
  ],
  [
    'roles.guard',
    'role_is_assumed_by_lambda_or_this_account',
    ['DeliverSnsRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal', { AWS: '*' }],
  ],
  ...['ecr:*', '*', ['ecr:DescribeImages', 'ecr:Batch*']].map(
    (action) =>
      [
        'roles.guard',
        'role_actions_are_exact',
        [`${statement('ImagePushedRole', 3)}/Action`, action],
      ] as const,
  ),
  ...['*', ['*'], { 'Fn::Sub': 'arn:aws:ecr:*:*:repository/*' }].map(
    (resource) =>
      [
        'roles.guard',
        'role_resources_are_named',
        [`${statement('ImagePushedRole', 3)}/Resource`, resource],
      ] as const,
  ),
  ['roles.guard', 'role_statements_are_whole', [`${statement('ImagePushedRole', 3)}/NotAction`, 'iam:*']],
  [
    'queues.guard',
    'queue_takes_events_of_our_rules',
    [
      'SinkQueuesPolicy/Properties/PolicyDocument/Statement/2',
      { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*', Condition: {} },
    ],
  ],
  ['alarms.guard', 'alarm_is_heard', ['SlackAgeAlarm/Properties/AlarmActions', []]],
  ['alarms.guard', 'alarm_is_heard', ['SlackAgeAlarm/Properties/ActionsEnabled', false]],
];

describe.skipIf(!cfnGuard)('cfn-guard', () => {
  beforeAll(async () => {
    await Promise.all(
      [...ruleFiles].map(async ([name, rules]) => {
        const mutants = mutantsOf(rules, resources);
        const whole = { Resources: resourcesFor(rules, resources) };
        const [first, ...rest] = await judge(rules, [whole, ...mutants.map(({ template }) => template)]);
        if (!first) throw new Error(`no verdict of ${name}`);
        const verdicts = rest.map(
          (verdict, index) => ({ ...mutants[index], ...verdict }) as Mutant & Verdict,
        );
        judged.set(name, { whole: first, mutants: verdicts });
      }),
    );
    const all = [...judged.values()].flatMap(({ mutants }) => mutants);
    const rules = [...judged.values()].flatMap(({ whole }) => [...whole.passed, ...whole.failed]);
    const caught = all.filter(({ failed }) => failed.length > 0);
    process.stdout.write(
      `cfn-guard: ${rules.length} rules, ${caught.length} of ${all.length} mutants caught\n`,
    );
  });

  const of = (name: string) => judged.get(name) ?? expect.fail(`${name} was not judged`);

  test('there are at least twelve rules', () => {
    expect([...ruleFiles.values()].flatMap(reportedRules).length).toBeGreaterThanOrEqual(12);
  });

  describe.each([...ruleFiles])('%s', (name, rules) => {
    test('the packaged template passes every rule, and every rule finds something to look at', () => {
      const passed = [...reportedRules(rules)].sort();
      expect(of(name).whole).toEqual({ passed: expect.any(Array), failed: [], skipped: [] });
      expect([...of(name).whole.passed].sort()).toEqual(passed);
    });

    test('every mutant is caught', () => {
      const missed = of(name).mutants.filter(({ failed }) => failed.length === 0);
      expect(missed.map((mutant) => mutant.name)).toEqual([]);
      expect(of(name).mutants.length).toBeGreaterThan(0);
    });
  });

  test('every rule has a bad twin that it alone or with others refuses', () => {
    const refused = [...judged.values()].flatMap(({ mutants }) => mutants.flatMap(({ failed }) => failed));
    const rules = [...ruleFiles.values()].flatMap(reportedRules);
    const planted = PLANTED.map(([, rule]) => rule);
    expect(rules.filter((rule) => !refused.includes(rule) && !planted.includes(rule))).toEqual([]);
  });

  test.each(PLANTED)('%s: %s sees %j', async (file, rule, fault) => {
    const rules = ruleFiles.get(file) ?? expect.fail(`there is no ${file}`);
    const [verdict] = await judge(rules, [{ Resources: withFault(resourcesFor(rules, resources), fault) }]);
    expect(verdict?.failed).toContain(rule);
  });

  test('a file that cfn-guard cannot read is an error', async () => {
    await expect(judge('rule x { y == }', [{}])).rejects.toThrow('cfn-guard');
  });
});
