import { arnOf, type Deployment, lastOf, nameOf } from '../deployment.ts';
import { type Chart, chart, type Diagnosis, judge } from '../diagnosis.ts';
import type { Facts, QueueFacts } from '../facts.ts';
import { aws, restore, word } from '../fix.ts';
import { isOpen, letsIn, statementsOf } from '../policy.ts';
import type { QUEUES } from '../queues.ts';
import { foundIn } from '../reading.ts';
import { RULES } from '../rules.ts';

type Drawing = (typeof QUEUES)[number];

const WHERE = 'resources/queues.yml';

/** A queue exists, takes what its rules send and nothing from strangers, and is worked off in time. */
export function checkQueue(deployment: Deployment, drawing: Drawing, facts: Facts): readonly Diagnosis[] {
  const on = chart('queue', drawing.name);
  return judge(on, 'exists', facts.queues[drawing.name] ?? { state: 'absent' }, {
    absent: () => missing(on, deployment, drawing.name),
    found: (queue) => [
      on.ok('exists', `${queue.waiting} waiting`),
      ...checkPolicy(on, deployment, drawing, queue, facts),
      checkRedrive(on, deployment, drawing, queue),
      checkVisibility(on, deployment, drawing, queue, facts),
      checkAge(on, deployment, drawing, facts),
    ],
  });
}

/** The dead letters of a queue exist and hold nothing. */
export function checkDeadLetters(
  deployment: Deployment,
  { name, holds }: Drawing,
  facts: Facts,
): readonly Diagnosis[] {
  const short = `${name}-dead-letters`;
  const on = chart('queue', short);
  return judge(on, 'exists', facts.queues[short] ?? { state: 'absent' }, {
    absent: () => missing(on, deployment, short),
    found: ({ waiting, url, arn }) => {
      if (waiting === 0) return [on.ok('empty', 'empty')];
      const look = aws(deployment, `sqs receive-message --queue-url ${word(url)} --visibility-timeout 0`);
      const redrive = aws(deployment, `sqs start-message-move-task --source-arn ${word(arn)}`);
      const many = `${waiting} ${waiting === 1 ? 'message' : 'messages'}`;
      return [
        on.fault(
          'empty',
          `${many} in ${nameOf(deployment, short)}: ${holds} that no retry could help.`,
          `Read one: ${look}; fix the cause, then, as OperatorRole (docs/deploy.md): ${redrive}`,
        ),
      ];
    },
  });
}

function missing(on: Chart, deployment: Deployment, short: string): Diagnosis {
  return on.fault(
    'exists',
    `The queue ${nameOf(deployment, short)} does not exist.`,
    restore(deployment, WHERE),
  );
}

function checkPolicy(
  on: Chart,
  deployment: Deployment,
  { name }: Drawing,
  { policy = '' }: QueueFacts,
  { rules }: Facts,
): readonly Diagnosis[] {
  const statements = statementsOf(policy);
  const shutOut = RULES.filter(({ queue }) => queue === name)
    .map((rule) => foundIn(rules[rule.name]?.rule ?? { state: 'absent' })?.arn)
    .filter((arn) => arn !== undefined)
    .filter((arn) => !letsIn(statements, arn))
    .map((arn) => arn.slice(arn.lastIndexOf('/') + 1));
  const full = nameOf(deployment, name);
  return [
    shutOut.length === 0
      ? on.ok('lets-rules-in', 'takes what its rules send')
      : on.fault(
          'lets-rules-in',
          `The policy of ${full} does not let ${shutOut.join(' and ')} send: events are refused.`,
          restore(deployment, WHERE),
        ),
    isOpen(statements)
      ? on.fault('closed', `The policy of ${full} lets anybody in.`, restore(deployment, WHERE))
      : on.ok('closed', 'closed to others'),
  ];
}

function checkRedrive(
  on: Chart,
  deployment: Deployment,
  { name, receives }: Drawing,
  { url, deadLetterArn }: QueueFacts,
): Diagnosis {
  const dead = `${nameOf(deployment, name)}-dead-letters`;
  if (deadLetterArn && lastOf(deadLetterArn) === dead) return on.ok('redrive', 'has dead letters');
  const target = arnOf(deployment, 'sqs', dead) ?? `<ARN of ${dead}>`;
  const redrive = JSON.stringify({ deadLetterTargetArn: target, maxReceiveCount: receives });
  return on.fault(
    'redrive',
    `${nameOf(deployment, name)} has no redrive to ${dead}: what cannot be worked off is retried until it is lost.`,
    aws(
      deployment,
      `sqs set-queue-attributes --queue-url ${word(url)} --attributes '${JSON.stringify({ RedrivePolicy: redrive })}'`,
    ),
  );
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html asks for six times the timeout. */
function checkVisibility(
  on: Chart,
  deployment: Deployment,
  { name, readBy }: Drawing,
  { url, visibilitySeconds }: QueueFacts,
  { functions }: Facts,
): Diagnosis {
  const reader = foundIn(functions[readBy]?.configuration ?? { state: 'absent' });
  const least = 6 * (reader?.timeoutSeconds ?? 30);
  if (visibilitySeconds >= least) return on.ok('visibility', `hides a message for ${visibilitySeconds} s`);
  return on.fault(
    'visibility',
    `${nameOf(deployment, name)} hides a message for ${visibilitySeconds} s, less than six times the timeout of ${readBy}: it may be worked on twice.`,
    aws(
      deployment,
      `sqs set-queue-attributes --queue-url ${word(url)} --attributes VisibilityTimeout=${least}`,
    ),
  );
}

function checkAge(
  on: Chart,
  deployment: Deployment,
  { name, readBy, patienceSeconds }: Drawing,
  { oldestAges }: Facts,
): Diagnosis {
  if (oldestAges.state === 'denied' || oldestAges.state === 'failed') return on.unread('age', oldestAges);
  const age = foundIn(oldestAges)?.[name];
  if (age === undefined || age === 0) return on.ok('age', 'nothing is late');
  if (age <= patienceSeconds) return on.ok('age', `the oldest message is ${age} s old`);
  return on.warning(
    'age',
    `The oldest message in ${nameOf(deployment, name)} is ${Math.round(age / 60)} min old.`,
    aws(deployment, `logs tail /aws/lambda/${nameOf(deployment, readBy)} --since 1h`),
  );
}
