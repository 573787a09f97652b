import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { LEASE_SECONDS } from '../../lib/delivery/state.ts';
import {
  type Check,
  ofType,
  packagedResources,
  packageFolder,
  same,
  stackOf,
  testChecks,
} from './template.ts';

const rulesShareTheirQueuesDeadLetters: Check = (resources) => {
  const { rules, queues } = stackOf(resources);
  const redriveOf = new Map(queues.map(({ arn, redrive }) => [arn, redrive?.deadLetterArn]));
  return rules.flatMap(({ name, targets }) =>
    targets
      .filter(({ queueArn, deadLetterArn }) => redriveOf.get(queueArn) !== deadLetterArn)
      .map(() => `${name} has dead letters that one redrive of its queue does not reach`),
  );
};

const queuesHideMessagesLongEnough: Check = (resources) => {
  const { mappings, queues, functions } = stackOf(resources);
  // In the same order. A batch is gathered for so long before the function gets it.
  const windows = ofType(resources, 'AWS::Lambda::EventSourceMapping').map(
    ([, { Properties }]) => Properties.MaximumBatchingWindowInSeconds ?? 0,
  );
  return mappings.flatMap(({ functionName, queueArn }, nth) => {
    const visible = queues.find(({ arn }) => arn === queueArn)?.visibilityTimeoutSeconds ?? 0;
    const timeout = functions.find(({ name }) => name === functionName)?.timeoutSeconds ?? Infinity;
    const least = 6 * timeout + windows[nth];
    return visible >= least ? [] : [`${functionName}: ${visible} s < 6 × ${timeout} s + ${windows[nth]} s`];
  });
};

const leasesOutliveTheirFunctions: Check = (resources) => {
  const { mappings, queues, functions } = stackOf(resources);
  const delivering = functions.filter(({ name }) => name.includes('-deliver-'));
  if (delivering.length === 0) return ['no function delivers'];
  return delivering.flatMap(({ name, timeoutSeconds }) => {
    const queueArn = mappings.find(({ functionName }) => functionName === name)?.queueArn;
    const visible = queues.find(({ arn }) => arn === queueArn)?.visibilityTimeoutSeconds ?? 0;
    const isInOrder = timeoutSeconds < LEASE_SECONDS && LEASE_SECONDS < visible;
    return isInOrder ? [] : [`${name}: not ${timeoutSeconds} s < lease ${LEASE_SECONDS} s < ${visible} s`];
  });
};

const keylessSinksKnowWhatToDoAboutLostReplies: Check = (resources) =>
  ['slack', 'sns'].flatMap((sink) => {
    const { Environment } = resources[`DeliverDash${sink}LambdaFunction`]?.Properties ?? {};
    return Environment?.Variables.SCAN_RESPONSE_AFTER_LOST_REPLY === 'resend' ? [] : [`${sink} is not told`];
  });

const everybodyFollowsTheSame: Check = (resources) => {
  const patternsOf = (id: string) =>
    resources[`${id}LambdaFunction`]?.Properties.Environment?.Variables.SCAN_RESPONSE_TRACKED_TAGS;
  const own = patternsOf('ScanDashcompleted');
  return ['Reconcile', 'Heartbeat'].flatMap((id) =>
    own !== undefined && patternsOf(id) === own ? [] : [`${id} follows other references`],
  );
};

const queuesHaveDeadLettersThatKeepLonger: Check = (resources) => {
  const { queues, mappings } = stackOf(resources);
  return mappings.flatMap(({ queueArn }) => {
    const source = queues.find(({ arn }) => arn === queueArn);
    const dead = queues.find(({ arn }) => arn === source?.redrive?.deadLetterArn);
    if (!source || !dead) return [`${queueArn} has no dead letters`];
    return dead.retentionSeconds > source.retentionSeconds ? [] : [`${dead.name} forgets too early`];
  });
};

const functionsKnowTheirOwnQueue: Check = (resources) => {
  const { functions, mappings, queues } = stackOf(resources);
  const fed = functions.filter(({ environment }) => environment.SCAN_RESPONSE_QUEUE_URL);
  return fed.flatMap(({ name, environment }) => {
    const own = mappings.filter(({ functionName }) => functionName === name).map(({ queueArn }) => queueArn);
    const queue = queues.find(({ arn }) => arn === own[0]);
    const dead = queues.find(({ arn }) => arn === queue?.redrive?.deadLetterArn);
    const named = [environment.SCAN_RESPONSE_QUEUE_URL, environment.SCAN_RESPONSE_DEAD_LETTER_URL];
    const meant = [`https://sqs/${queue?.name}`, `https://sqs/${dead?.name}`];
    return own.length === 1 && same(named, meant) ? [] : [`${name} would change another queue`];
  });
};

const everyFunctionIsFed: Check = (resources) => {
  const { functions, mappings, schedules } = stackOf(resources);
  return functions.flatMap(({ name, environment }) => {
    const isMapped = mappings.some(({ functionName }) => functionName === name);
    const isScheduled = schedules.some(({ functionNames }) => functionNames.includes(name));
    const knowsAQueue = environment.SCAN_RESPONSE_QUEUE_URL !== undefined;
    if (isMapped === isScheduled) return [`${name} runs for no reason, or for two`];
    return isMapped === knowsAQueue ? [] : [`${name} does not know how it is fed`];
  });
};

const logsEnd: Check = (resources) =>
  stackOf(resources)
    .functions.filter(({ name }) => {
      const groups = ofType(resources, 'AWS::Logs::LogGroup').map(([, { Properties }]) => Properties);
      return !groups.some((each) => each.LogGroupName === `/aws/lambda/${name}` && each.RetentionInDays > 0);
    })
    .map(({ name }) => `${name} logs for ever`);

const alarmsCoverEveryQueue: Check = (resources) => {
  const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  return stackOf(resources).queues.flatMap(({ logicalId, redrive }) => {
    const metric = redrive ? 'ApproximateAgeOfOldestMessage' : 'ApproximateNumberOfMessagesVisible';
    const dimensions = [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [logicalId, 'QueueName'] } }];
    const covering = alarms.filter((each) => each.MetricName === metric && same(each.Dimensions, dimensions));
    return covering.some((each) => each.AlarmActions?.length > 0) ? [] : [`nobody watches ${logicalId}`];
  });
};

const functionId = 'DeliverDashslackLambdaFunction/Properties';
const mappingId = 'DeliverDashslackEventSourceMappingSQSSlackQueue/Properties';

testChecks([
  [
    "every target's dead letters are those of its queue",
    rulesShareTheirQueuesDeadLetters,
    [
      [
        'ImageScanRule/Properties/Targets/0/DeadLetterConfig/Arn',
        { 'Fn::GetAtt': ['SnsDeadLetters', 'Arn'] },
      ],
    ],
  ],
  [
    'visibility is at least six times the timeout',
    queuesHideMessagesLongEnough,
    [
      ['PushesQueue/Properties/VisibilityTimeout'],
      [`${functionId}/Timeout`, 31],
      [`${mappingId}/MaximumBatchingWindowInSeconds`, 21],
    ],
  ],
  [
    'a delivery is held longer than its function runs, and shorter than its message hides',
    leasesOutliveTheirFunctions,
    [
      ['DeliverDashslackLambdaFunction/Properties/Timeout', 35],
      ['SnsQueue/Properties/VisibilityTimeout', 35],
    ],
  ],
  [
    'Slack and SNS are told what to do about a lost reply',
    keylessSinksKnowWhatToDoAboutLostReplies,
    [
      ['DeliverDashslackLambdaFunction/Properties/Environment/Variables/SCAN_RESPONSE_AFTER_LOST_REPLY'],
      ['DeliverDashsnsLambdaFunction/Properties/Environment/Variables/SCAN_RESPONSE_AFTER_LOST_REPLY'],
    ],
  ],
  [
    'what decides, looks and says again follows the same references',
    everybodyFollowsTheSame,
    [
      ['ScanDashcompletedLambdaFunction/Properties/Environment/Variables/SCAN_RESPONSE_TRACKED_TAGS'],
      ['HeartbeatLambdaFunction/Properties/Environment/Variables/SCAN_RESPONSE_TRACKED_TAGS', 'main'],
    ],
  ],
  [
    'dead letters keep longer than their source',
    queuesHaveDeadLettersThatKeepLonger,
    [
      ['ScansQueue/Properties/RedrivePolicy'],
      ['ScansDeadLetters/Properties/MessageRetentionPeriod', 345_600],
    ],
  ],
  [
    'every function is told of its own queue and dead letters',
    functionsKnowTheirOwnQueue,
    [
      [`${functionId}/Environment/Variables/SCAN_RESPONSE_QUEUE_URL`, { Ref: 'SnsQueue' }],
      [`${functionId}/Environment/Variables/SCAN_RESPONSE_DEAD_LETTER_URL`],
      [`${mappingId}/EventSourceArn`, { 'Fn::GetAtt': ['SnsQueue', 'Arn'] }],
    ],
  ],
  [
    'every function reads a queue or runs on a schedule',
    everyFunctionIsFed,
    [
      ['ReconcileSchedule/Properties/Targets', []],
      ['HeartbeatSchedule/Properties/Targets', []],
      [`${functionId}/Environment/Variables/SCAN_RESPONSE_QUEUE_URL`],
      [`${mappingId.split('/')[0]}`],
    ],
  ],
  [
    'every function has a log group with retention',
    logsEnd,
    [['DeliverDashslackLogGroup/Properties/RetentionInDays']],
  ],
  [
    'every queue has an alarm that somebody hears',
    alarmsCoverEveryQueue,
    [['ScansDeadLettersAlarm'], ['SlackAgeAlarm/Properties/AlarmActions', []]],
  ],
]);

describe('packages', () => {
  const { functions } = stackOf(packagedResources());

  test('are one per function', () => {
    expect(functions.map(({ zip }) => zip)).toEqual([
      'image-pushed.zip',
      'scan-completed.zip',
      'deliver-datadog.zip',
      'deliver-slack.zip',
      'deliver-sns.zip',
      'reconcile.zip',
      'heartbeat.zip',
      'image-deployed.zip',
    ]);
  });

  test.each(functions)('$zip holds only its bundle', ({ zip, handler }) => {
    const files = unzipSync(readFileSync(join(packageFolder, zip)));
    expect(Object.keys(files)).toEqual([handler.replace(/\.handler$/, '.mjs')]);
  });
});
