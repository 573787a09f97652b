import type { Fault } from './template.ts';

/** One fault in the packaged template, and which of the readers of the template see it. */
export interface PlantedFault {
  readonly name: string;
  readonly fault: Fault;
  /** Ids of the validator's rules that speak up; none where it is silent. */
  readonly validator: readonly string[];
  /** The rule of `checks/` that refuses it; absent where none does. */
  readonly guard?: string;
}

const scansPolicy = 'ScansQueuePolicy/Properties/PolicyDocument/Statement';
const readImages = 'ImagePushedRole/Properties/Policies/0/PolicyDocument/Statement/3/Action';

export const FAULTS: readonly PlantedFault[] = [
  {
    name: 'a misspelt property',
    fault: ['PushesQueue/Properties/VisibilityTimeOut', 180],
    validator: ['F3002'],
  },
  {
    name: 'visibility below the timeout',
    fault: ['PushesQueue/Properties/VisibilityTimeout', 20],
    validator: ['E3505'],
    guard: 'work_queue_hides_for_six_timeouts',
  },
  {
    name: 'visibility below six timeouts',
    fault: ['PushesQueue/Properties/VisibilityTimeout', 60],
    validator: [],
    guard: 'work_queue_hides_for_six_timeouts',
  },
  {
    name: 'a key attribute that is not defined',
    fault: ['LedgerTable/Properties/KeySchema/0/AttributeName', 'x'],
    validator: ['E3039'],
  },
  {
    name: 'a runtime that is gone',
    fault: ['DeliverDashsnsLambdaFunction/Properties/Runtime', 'nodejs14.x'],
    validator: ['E2531'],
  },
  {
    name: 'a reference to nothing',
    fault: ['SinkQueuesPolicy/Properties/Queues/0', { Ref: 'Nowhere' }],
    validator: ['F1020'],
    guard: 'queue_has_a_policy',
  },
  {
    name: 'a statement without an effect',
    fault: [`${scansPolicy}/0/Effect`],
    validator: [],
    guard: 'queue_policy_statements_are_whole',
  },
  { name: 'a misspelt action', fault: [readImages, 'ecr:DescribeImagez'], validator: [] },
  {
    name: 'a role that may do all',
    fault: [readImages, '*'],
    validator: [],
    guard: 'role_actions_are_exact',
  },
  {
    name: 'a queue that any rule anywhere may send to',
    fault: [`${scansPolicy}/0/Condition`],
    validator: [],
    guard: 'queue_takes_events_of_our_rules',
  },
  {
    name: 'a target without dead letters',
    fault: ['ImageScanRule/Properties/Targets/0/DeadLetterConfig'],
    validator: [],
    guard: 'target_has_dead_letters',
  },
  {
    name: 'a rule for every account',
    fault: ['ImageScanRule/Properties/EventPattern/account'],
    validator: [],
    guard: 'rule_names_source_account_and_type',
  },
  {
    name: 'a table without recovery',
    fault: ['LedgerTable/Properties/PointInTimeRecoverySpecification'],
    validator: [],
    guard: 'table_recovers_to_any_second',
  },
  {
    name: 'a table that goes with the stack',
    fault: ['LedgerTable/DeletionPolicy'],
    validator: ['W3011', 'I3011'],
    guard: 'table_stays_when_the_stack_goes',
  },
  {
    name: 'a queue without dead letters',
    fault: ['ScansQueue/Properties/RedrivePolicy'],
    validator: [],
    guard: 'work_queue_redrives',
  },
  {
    name: 'a repository that goes with the stack',
    fault: ['RepositoryDemoDashapi/DeletionPolicy'],
    validator: ['W3011'],
    guard: 'repository_stays_when_the_stack_goes',
  },
  {
    name: 'a misspelt property of a repository',
    fault: ['RepositoryTeamSlashdemoDashapi/Properties/ImageTagMutabilityExclusionFilter', []],
    validator: ['F3002'],
  },
  {
    name: 'a mutability that ECR does not know',
    fault: ['RepositoryTeamSlashdemoDashapi/Properties/ImageTagMutability', 'SOMETIMES'],
    validator: ['W3030'],
    guard: 'repository_says_which_tags_move',
  },
  {
    name: 'an alarm that nobody hears',
    fault: ['ScansAgeAlarm/Properties/AlarmActions'],
    validator: [],
    guard: 'alarm_is_heard',
  },
];
