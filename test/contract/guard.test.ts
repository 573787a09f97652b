import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { registryResources } from './evaluate.ts';
import { FAULTS } from './faults.ts';
import { cfnGuard, judge, ruleFiles, type Verdict } from './guard.ts';
import { aloneOfItsType, type Mutant, mutantsOf, type Rule, readBy, rulesIn } from './mutants.ts';
import { type Fault, withFault } from './template.ts';
import { packagedWhole } from './whole.ts';

const resources = { ...(await packagedWhole()), ...(await registryResources()) };
const rules = [...ruleFiles.values()].flatMap(rulesIn);
const variables = 'DeliverDashslackLambdaFunction/Properties/Environment/Variables';
const statement = (role: string, index: number) =>
  `${role}/Properties/Policies/0/PolicyDocument/Statement/${index}`;

const lasting = 'RepositoryTeamSlashdemoDashapi';
const pull = `${lasting}/Properties/RepositoryPolicyText/Statement/0`;
const lifecycleOf = (id: string) => resources[id]?.Properties.LifecyclePolicy.LifecyclePolicyText;

/** Faults that are added, not taken away, and the rule that must see each. */
const PLANTED: readonly (readonly [rule: string, fault: Fault])[] = [
  ...[
    ['SCAN_RESPONSE_SLACK_WEBHOOK_PARAMETER', 'https://hooks.slack.com/services/x'],
    ['SCAN_RESPONSE_API_KEY', '0123456789abcdef'],
    ['SCAN_RESPONSE_NOTE', '0123456789abcdef0123456789abcdef'],
    ['SCAN_RESPONSE_NOTE', 'see https://hooks.slack.com/services/x'],
    ['DD_SITE', 'datadoghq.com'],
  ].map(([name, value]) => ['environment_names_secrets_only', [`${variables}/${name}`, value]] as const),
  [
    'role_has_no_managed_policy',
    ['DeliverSnsRole/Properties/ManagedPolicyArns', ['arn:aws:iam::aws:policy/AmazonSNSFullAccess']],
  ],
  [
    'role_is_assumed_by_lambda_or_this_account',
    ['DeliverSnsRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal', { AWS: '*' }],
  ],
  ...['ecr:*', '*', ['ecr:DescribeImages', 'ecr:Batch*']].map(
    (action) => ['role_actions_are_exact', [`${statement('ImagePushedRole', 3)}/Action`, action]] as const,
  ),
  ...['*', ['*'], { 'Fn::Sub': 'arn:aws:ecr:*:*:repository/*' }].map(
    (resource) =>
      ['role_resources_are_named', [`${statement('ImagePushedRole', 3)}/Resource`, resource]] as const,
  ),
  ['role_statements_are_whole', [`${statement('ImagePushedRole', 3)}/NotAction`, 'iam:*']],
  [
    'queue_takes_events_of_our_rules',
    [
      'SinkQueuesPolicy/Properties/PolicyDocument/Statement/2',
      { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*', Condition: {} },
    ],
  ],
  ...[{ AWS: '*' }, { AWS: ['*'] }, '*', { AWS: [{ 'Fn::Sub': `arn:\${AWS::Partition}:iam::*:root` }] }].map(
    (principal) => ['repository_is_pulled_by_the_named', [`${pull}/Principal`, principal]] as const,
  ),
  ...['ecr:*', ['ecr:BatchGetImage', 'ecr:PutImage']].map(
    (action) => ['repository_is_pulled_by_the_named', [`${pull}/Action`, action]] as const,
  ),
  ['repository_stays_when_the_stack_goes', [`${lasting}/Properties/EmptyOnDelete`, true]],
  ['repository_says_which_tags_move', [`${lasting}/Properties/ImageTagMutability`, 'MUTABLE']],
  [
    'repository_forgets_by_a_policy',
    [`${lasting}/Properties/LifecyclePolicy/LifecyclePolicyText`, lifecycleOf('RepositoryDemoDashapi')],
  ],
  ['function_has_a_size_that_was_measured', ['DeliverDashsnsLambdaFunction/Properties/MemorySize', 200]],
  ...(['MaximumBatchingWindowInSeconds', 'BatchSize'] as const).map(
    (property) =>
      [
        'mapping_gathers_only_what_folds',
        [`ImageDashpushedEventSourceMappingSQSPushesQueue/Properties/${property}`, 1],
      ] as const,
  ),
  [
    'mapping_gathers_only_what_folds',
    ['DeliverDashslackEventSourceMappingSQSSlackQueue/Properties/MaximumBatchingWindowInSeconds', 21],
  ],
  ['gateway_asks_iam', ['GetV1QuestionRoute/Properties/AuthorizationType', 'NONE']],
  ['gateway_asks_iam', ['GetV1QuestionRoute/Properties/RouteKey', '$default']],
  ['gateway_asks_iam', ['PostSlackKindRoute/Properties/RouteKey', 'POST /slack/{proxy}']],
  ['gateway_has_limits', ['GatewayStage/Properties/RouteSettings', {}]],
  ['gateway_is_one_http_api', ['Gateway/Properties/CorsConfiguration', { AllowOrigins: ['*'] }]],
  ...['*', { 'Fn::Sub': `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:*:*/*/GET/v1/*` }].map(
    (source) =>
      [
        'gateway_alone_may_run_its_functions',
        ['GetV1QuestionRoutePermission/Properties/SourceArn', source],
      ] as const,
  ),
  ['alarm_is_heard', ['SlackAgeAlarm/Properties/AlarmActions', []]],
  ['alarm_is_heard', ['SlackAgeAlarm/Properties/ActionsEnabled', false]],
];

/** A rule, what it says of the template as far as it reads it, and the mutants that it refused. */
interface Judged {
  readonly rule: string;
  readonly whole: Verdict | undefined;
  readonly mutants: readonly string[];
  readonly caught: readonly string[];
}

/** A resource is changed in the smallest template that the rule passes: a tenth of the work of the whole one. */
async function judgeMutants(rule: Rule): Promise<Judged> {
  const read = readBy(rule, resources);
  const smaller = Object.keys(read).map((id) => ({ id, alone: aloneOfItsType(read, id) }));
  const bases = [read, ...smaller.map(({ alone }) => alone)].map((it) => ({ Resources: it }));
  const [whole, ...passing] = await judge(rule.program, bases);
  const mutants = smaller.flatMap(({ id, alone }, index) =>
    mutantsOf(id, rule, passing[index]?.passed.includes(rule.name) ? alone : read),
  );
  const verdicts = await judge(
    rule.program,
    mutants.map(({ template }) => template),
  );
  const caught = mutants.filter((_, index) => verdicts[index]?.failed.includes(rule.name));
  const names = (list: readonly Mutant[]) => list.map(({ name }) => name);
  return { rule: rule.name, whole, mutants: names(mutants), caught: names(caught) };
}

/** The verdicts of a file of rules on the packaged template, and on it with each fault in turn. */
async function judgeFaults(file: string): Promise<readonly Verdict[]> {
  const faults = [...FAULTS.map(({ fault }) => fault), ...PLANTED.map(([, fault]) => fault)];
  const types = new Set(rulesIn(file).flatMap((rule) => [...rule.types]));
  const faulty = faults.map((fault) => {
    const all = Object.entries(withFault(resources, fault));
    return { Resources: Object.fromEntries(all.filter(([, { Type }]) => types.has(Type))) };
  });
  return judge(file, [{ Resources: resources }, ...faulty]);
}

describe.skipIf(!cfnGuard)('cfn-guard', () => {
  let judged: readonly Judged[];
  let verdicts: readonly (readonly Verdict[])[];
  beforeAll(async () => {
    judged = await Promise.all(rules.map(judgeMutants));
    verdicts = await Promise.all([...ruleFiles.values()].map(judgeFaults));
  }, 180_000);

  /** The rules that refuse the packaged template with the fault of this number. */
  const refusing = (index: number) => verdicts.flatMap((ofFile) => ofFile[index + 1]?.failed ?? []);

  test('there are at least twelve rules', () => {
    expect(rules.length).toBeGreaterThanOrEqual(12);
  });

  test('the packaged template passes every rule, skipping none', () => {
    const whole = verdicts.map(([verdict]) => verdict);
    expect(whole.flatMap((verdict) => [...(verdict?.failed ?? []), ...(verdict?.skipped ?? [])])).toEqual([]);
    const passed = whole.flatMap((verdict) => verdict?.passed ?? []);
    expect(passed.sort()).toEqual(rules.map(({ name }) => name).sort());
  });

  test('what a rule reads of the template is enough for it to pass', () => {
    expect(judged.map(({ whole }) => whole?.passed)).toEqual(rules.map(({ name }) => [name]));
  });

  test('every mutant is caught by a rule that names its property', () => {
    const all = new Set(judged.flatMap(({ mutants }) => mutants));
    const caught = new Set(judged.flatMap((each) => each.caught));
    process.stdout.write(`cfn-guard: ${rules.length} rules, ${caught.size} of ${all.size} mutants caught\n`);
    expect([...all].filter((mutant) => !caught.has(mutant))).toEqual([]);
    expect(all.size).toBeGreaterThan(0);
  });

  test.each(['README.md', 'README.ja.md'])('%s counts them', (file) => {
    const row = /^.*guard\.test\.ts.*$/m.exec(readFileSync(file, 'utf8'))?.[0] ?? '';
    const [said = 0, about = 0] = [...row.matchAll(/\d[\d,]*/g)].map(([it]) => Number(it.replace(',', '')));
    const mutants = new Set(judged.flatMap((each) => each.mutants)).size;
    expect(said).toBe(rules.length);
    expect(Math.abs(about - mutants)).toBeLessThanOrEqual(mutants / 10);
  });

  test('every rule refuses something', () => {
    const planted = PLANTED.map(([rule]) => rule);
    const idle = judged.filter(({ rule, caught }) => caught.length === 0 && !planted.includes(rule));
    expect(idle).toEqual([]);
  });

  test.each(PLANTED.map(([rule, fault], index) => ({ rule, fault, index })))(
    '$rule refuses $fault',
    ({ rule, index }) => {
      expect(refusing(FAULTS.length + index)).toContain(rule);
    },
  );

  test.each(FAULTS.map((fault, index) => ({ ...fault, index })))(
    '$guard refuses $name',
    ({ guard, index }) => {
      expect(refusing(index)).toEqual(guard ? expect.arrayContaining([guard]) : []);
    },
  );

  test('a file that cfn-guard cannot read is an error', async () => {
    await expect(judge('rule x { y == }', [{}])).rejects.toThrow('cfn-guard');
  });
});
