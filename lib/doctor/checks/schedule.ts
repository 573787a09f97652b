import type { SCHEDULES } from '../blueprint.ts';
import { arnOf, type Deployment, nameOf } from '../deployment.ts';
import { type Chart, chart, type Diagnosis, judge } from '../diagnosis.ts';
import type { RuleFacts, RuleReadings, TargetFacts } from '../facts.ts';
import { aws, restore } from '../fix.ts';

type Drawing = (typeof SCHEDULES)[number];

const WHERE = 'resources/rules.yml';

/** A schedule exists, is on, has its rhythm, and runs its function. */
export function checkSchedule(
  deployment: Deployment,
  drawing: Drawing,
  { rule, targets }: RuleReadings,
): readonly Diagnosis[] {
  const on = chart('rule', drawing.name);
  const name = nameOf(deployment, drawing.name);
  const missing = () =>
    on.fault(
      'exists',
      `The schedule ${name} does not exist: nothing ${drawing.does}.`,
      restore(deployment, WHERE),
    );
  if (rule.state === 'absent') return [missing()];
  return [
    ...judge(on, 'enabled', rule, {
      absent: missing,
      found: (facts) => [
        checkEnabled(on, deployment, drawing, facts),
        checkRhythm(on, deployment, drawing, facts),
      ],
    }),
    ...judge(on, 'target', targets, {
      absent: missing,
      found: (found) => [checkTarget(on, deployment, name, found)],
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
    `The schedule ${name} is disabled: nothing ${drawing.does}.`,
    aws(deployment, `events enable-rule --name ${name}`),
  );
}

function checkRhythm(
  on: Chart,
  deployment: Deployment,
  { name, every }: Drawing,
  { schedule }: RuleFacts,
): Diagnosis {
  if (schedule === every) return on.ok('rhythm', every);
  const full = nameOf(deployment, name);
  return on.fault(
    'rhythm',
    `The schedule ${full} runs at ${schedule || 'no time at all'} instead of ${every}.`,
    aws(deployment, `events put-rule --name ${full} --schedule-expression '${every}'`),
  );
}

/** The function has the schedule's name. */
function checkTarget(
  on: Chart,
  deployment: Deployment,
  name: string,
  targets: readonly TargetFacts[],
): Diagnosis {
  if (targets.some(({ arn }) => arn.endsWith(`:function:${name}`)))
    return on.ok('target', 'runs its function');
  const arn = arnOf(deployment, 'lambda', `function:${name}`) ?? `<ARN of ${name}>`;
  return on.fault(
    'target',
    `The schedule ${name} does not run the function ${name}.`,
    aws(deployment, `events put-targets --rule ${name} --targets 'Id=${name},Arn=${arn}'`),
  );
}
