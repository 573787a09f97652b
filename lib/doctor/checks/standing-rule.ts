import type { Deployment } from '../deployment.ts';
import { type Chart, type Diagnosis, judge } from '../diagnosis.ts';
import type { RuleFacts, RuleReadings, TargetFacts } from '../facts.ts';
import { aws, restore } from '../fix.ts';

/** A rule of EventBridge: one that waits for events, or one that runs on a schedule. */
export interface StandingRule {
  readonly on: Chart;
  readonly deployment: Deployment;
  readonly kind: 'rule' | 'schedule';
  /** Its name in the account. */
  readonly name: string;
  /** What comes of it when it is not there. */
  readonly loss: string;
}

/** Where both kinds stand in the template. */
export const RULES_FILE = 'resources/rules.yml';

/** It exists and is on; the rest is what each kind checks itself. */
export function checkStanding(
  it: StandingRule,
  { rule, targets }: RuleReadings,
  own: {
    readonly rule: (facts: RuleFacts) => Diagnosis;
    readonly targets: (targets: readonly TargetFacts[]) => readonly Diagnosis[];
  },
): readonly Diagnosis[] {
  const { on, deployment, kind, name, loss } = it;
  const absent = () =>
    on.fault('exists', `The ${kind} ${name} does not exist: ${loss}.`, restore(deployment, RULES_FILE));
  if (rule.state === 'absent') return [absent()];
  return [
    ...judge(on, 'enabled', rule, { absent, found: (facts) => [checkEnabled(it, facts), own.rule(facts)] }),
    ...judge(on, 'target', targets, { absent, found: own.targets }),
  ];
}

function checkEnabled(
  { on, deployment, kind, name, loss }: StandingRule,
  { isEnabled }: RuleFacts,
): Diagnosis {
  if (isEnabled) return on.ok('enabled', 'on');
  const fix = aws(deployment, `events enable-rule --name ${name}`);
  return on.fault('enabled', `The ${kind} ${name} is disabled: ${loss}.`, fix);
}
