import { arnOf, type Deployment, lastOf, nameOf } from '../deployment.ts';
import { type Chart, chart, type Diagnosis, judge } from '../diagnosis.ts';
import type { RuleFacts, RuleReadings, TargetFacts } from '../facts.ts';
import { aws, restore } from '../fix.ts';
import type { RULES } from '../rules.ts';

type Drawing = (typeof RULES)[number];

const WHERE = 'resources/rules.yml';

/** A rule exists, is on, asks for its events, and sends them to its queue with dead letters behind. */
export function checkRule(
  deployment: Deployment,
  drawing: Drawing,
  { rule, targets }: RuleReadings,
): readonly Diagnosis[] {
  const on = chart('rule', drawing.name);
  const name = nameOf(deployment, drawing.name);
  const missing = () =>
    on.fault(
      'exists',
      `The rule ${name} does not exist: nobody hears of ${drawing.carries}.`,
      restore(deployment, WHERE),
    );
  if (rule.state === 'absent') return [missing()];
  return [
    ...judge(on, 'enabled', rule, {
      absent: missing,
      found: (facts) => [
        checkEnabled(on, deployment, drawing, facts),
        checkPattern(on, deployment, drawing, facts),
      ],
    }),
    ...judge(on, 'target', targets, {
      absent: missing,
      found: (found) => checkTargets(on, deployment, drawing, found),
    }),
  ];
}

function checkEnabled(
  on: Chart,
  deployment: Deployment,
  drawing: Drawing,
  { isEnabled }: RuleFacts,
): Diagnosis {
  if (isEnabled) return on.ok('enabled', 'on');
  const name = nameOf(deployment, drawing.name);
  return on.fault(
    'enabled',
    `The rule ${name} is disabled: nobody hears of ${drawing.carries}.`,
    aws(deployment, `events enable-rule --name ${name}`),
  );
}

function checkPattern(
  on: Chart,
  deployment: Deployment,
  drawing: Drawing,
  { pattern }: RuleFacts,
): Diagnosis {
  const { source, detailType } = drawing;
  if (names(pattern, 'source', source) && names(pattern, 'detail-type', detailType)) {
    return on.ok('pattern', `asks for ${detailType}`);
  }
  return on.fault(
    'pattern',
    `The rule ${nameOf(deployment, drawing.name)} does not ask for ${source} "${detailType}" any more.`,
    restore(deployment, WHERE),
  );
}

function checkTargets(
  on: Chart,
  deployment: Deployment,
  drawing: Drawing,
  targets: readonly TargetFacts[],
): readonly Diagnosis[] {
  const rule = nameOf(deployment, drawing.name);
  const queue = nameOf(deployment, drawing.queue);
  const dead = `${queue}-dead-letters`;
  const put = aws(
    deployment,
    `events put-targets --rule ${rule} --targets 'Id=${drawing.queue},Arn=${sqsArn(deployment, queue)},DeadLetterConfig={Arn=${sqsArn(deployment, dead)}}'`,
  );
  const target = targets.find(({ arn }) => lastOf(arn) === queue);
  if (!target) return [on.fault('target', `The rule ${rule} does not send to the queue ${queue}.`, put)];
  const sends = on.ok('target', `sends to ${drawing.queue}`);
  if (target.deadLetterArn && lastOf(target.deadLetterArn) === dead)
    return [sends, on.ok('dead-letters', 'keeps what it cannot deliver')];
  const lost = `The rule ${rule} has no dead letters in ${dead}: what it cannot deliver is lost.`;
  return [sends, on.fault('dead-letters', lost, put)];
}

function sqsArn(deployment: Deployment, queue: string): string {
  return arnOf(deployment, 'sqs', queue) ?? `<ARN of ${queue}>`;
}

/** True when a field of an event pattern lists the value. */
function names(pattern: string, field: string, value: string): boolean {
  try {
    return [JSON.parse(pattern)?.[field]].flat().includes(value);
  } catch {
    return false;
  }
}
