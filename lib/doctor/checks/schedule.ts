import type { SCHEDULES } from '../blueprint.ts';
import { arnOf, type Deployment, nameOf } from '../deployment.ts';
import { type Chart, chart, type Diagnosis } from '../diagnosis.ts';
import type { RuleFacts, RuleReadings, TargetFacts } from '../facts.ts';
import { aws } from '../fix.ts';
import { checkStanding } from './standing-rule.ts';

type Drawing = (typeof SCHEDULES)[number];

/** A schedule exists, is on, has its rhythm, and runs its function. */
export function checkSchedule(
  deployment: Deployment,
  drawing: Drawing,
  readings: RuleReadings,
): readonly Diagnosis[] {
  const on = chart('rule', drawing.name);
  const name = nameOf(deployment, drawing.name);
  const loss = `nothing ${drawing.does}`;
  return checkStanding({ on, deployment, kind: 'schedule', name, loss }, readings, {
    rule: (facts) => checkRhythm(on, deployment, drawing, facts),
    targets: (targets) => [checkTarget(on, deployment, name, targets)],
  });
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
