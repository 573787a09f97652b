import type { EventPattern } from './event-rule.ts';
import type { Queue } from './sqs/queue.ts';

interface BusTarget {
  readonly queueArn: string;
  readonly deadLetterArn: string;
}

interface BusRule<Pattern> {
  readonly name: string;
  readonly pattern: Pattern;
  readonly targets: readonly BusTarget[];
}

interface Delivered {
  readonly rule: string;
  readonly queueArn: string;
}

export interface Bus<Pattern = EventPattern> {
  /**
   * Sends the event to every target of every rule that matches, and says which those were.
   * `times` > 1 delivers it again, as EventBridge's "at least once" may.
   */
  put(event: object, options?: { readonly times?: number }): readonly Delivered[];
  /** A rule of somebody else on the same bus: hears every event that its pattern matches. */
  subscribe(pattern: Pattern, hears: (event: object) => void): void;
}

/**
 * EventBridge between rules and queues. A target whose queue is not there gets no retries: the event goes
 * to that target's dead letters with the reason in its attributes.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function createBus<Pattern>({
  rules,
  queues,
  matches,
}: {
  readonly rules: readonly BusRule<Pattern>[];
  readonly queues: Iterable<Queue>;
  readonly matches: (pattern: Pattern, event: object) => boolean;
}): Bus<Pattern> {
  const others: { readonly pattern: Pattern; readonly hears: (event: object) => void }[] = [];
  const byArn = new Map([...queues].map((queue) => [queue.settings.arn, queue]));
  const deliver = (rule: string, target: BusTarget, body: string): void => {
    const queue = byArn.get(target.queueArn);
    if (queue) queue.send({ body });
    else byArn.get(target.deadLetterArn)?.send({ body, attributes: noResource(rule, target) });
  };
  return {
    put(event, { times = 1 } = {}) {
      const matched = rules.filter(({ pattern }) => matches(pattern, event));
      const deliveries = matched.flatMap(({ name, targets }) => targets.map((target) => ({ name, target })));
      for (let time = 0; time < times; time += 1) {
        for (const { name, target } of deliveries) deliver(name, target, JSON.stringify(event));
        for (const { hears } of others.filter(({ pattern }) => matches(pattern, event))) hears(event);
      }
      return deliveries.map(({ name, target }) => ({ rule: name, queueArn: target.queueArn }));
    },
    subscribe: (pattern, hears) => void others.push({ pattern, hears }),
  };
}

function noResource(rule: string, { queueArn }: BusTarget) {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const [, partition, , region, account] = queueArn.split(':');
  return {
    RULE_ARN: text(`arn:${partition}:events:${region}:${account}:rule/${rule}`),
    TARGET_ARN: text(queueArn),
    ERROR_CODE: text('NO_RESOURCE'),
    ERROR_MESSAGE: text(`The queue does not exist: ${queueArn}`),
  };
}
