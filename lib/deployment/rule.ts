import {
  DescribeRuleCommand,
  type EventBridgeClient,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import type { RuleFacts, TargetFacts } from '../doctor/facts.ts';
import { type Reading, reading } from '../doctor/reading.ts';

/** A rule on the default event bus. */
export function readRule(client: EventBridgeClient, name: string): Promise<Reading<RuleFacts>> {
  return reading('events:DescribeRule', async () => {
    const rule = await client.send(new DescribeRuleCommand({ Name: name }));
    const { Arn = '', State, EventPattern = '', ScheduleExpression } = rule;
    const isEnabled = State?.startsWith('ENABLED') ?? false;
    return {
      arn: Arn,
      isEnabled,
      pattern: EventPattern,
      ...(ScheduleExpression && { schedule: ScheduleExpression }),
    };
  });
}

/** Where a rule sends; a rule has five targets at most, which is one page. */
export function readTargets(
  client: EventBridgeClient,
  rule: string,
): Promise<Reading<readonly TargetFacts[]>> {
  return reading('events:ListTargetsByRule', async () => {
    const { Targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule: rule }));
    return Targets.map(({ Arn = '', DeadLetterConfig }) => ({
      arn: Arn,
      ...(DeadLetterConfig?.Arn && { deadLetterArn: DeadLetterConfig.Arn }),
    }));
  });
}
