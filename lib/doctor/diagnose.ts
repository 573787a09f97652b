import { ALL_TOPICS, FUNCTIONS, SCHEDULES, SECRETS, TABLES } from './blueprint.ts';
import { type Clock, checkActivity } from './checks/activity.ts';
import { checkAlarms } from './checks/alarm.ts';
import { checkFunction } from './checks/function.ts';
import { checkDeadLetters, checkQueue } from './checks/queue.ts';
import { checkRole } from './checks/role.ts';
import { checkRule } from './checks/rule.ts';
import { checkScanning, isIdle } from './checks/scanning.ts';
import { checkSchedule } from './checks/schedule.ts';
import { checkAnybodyHears, checkSecret } from './checks/sink.ts';
import { checkTable } from './checks/table.ts';
import { checkTopic } from './checks/topic.ts';
import { chart, type Diagnosis } from './diagnosis.ts';
import type { Facts } from './facts.ts';
import { deploy } from './fix.ts';
import type { Examination } from './gather.ts';
import { QUEUES } from './queues.ts';
import { RULES } from './rules.ts';

/** Every check over what was read. Where nothing of the stage stands, that alone is said. */
export function diagnose({ deployment, facts }: Examination, clock: Clock): readonly Diagnosis[] {
  if (isNowhere(facts)) {
    const says = `Nothing of the stage ${deployment.stage} is deployed in this account and region.`;
    return [
      chart('stack', deployment.stage).fault(
        'exists',
        says,
        `${deploy(deployment)}, or name another --stage or --region`,
      ),
    ];
  }
  return [
    ...checkScanning(deployment, facts),
    ...drawn(RULES, facts.rules, (rule, readings) => {
      const diagnoses = checkRule(deployment, rule, readings);
      return isIdle(rule.name, facts) ? diagnoses.map(softened) : diagnoses;
    }),
    ...drawn(SCHEDULES, facts.rules, (schedule, readings) => checkSchedule(deployment, schedule, readings)),
    ...QUEUES.flatMap((queue) => [
      ...checkQueue(deployment, queue, facts),
      ...checkDeadLetters(deployment, queue, facts),
    ]),
    ...drawn(FUNCTIONS, facts.functions, (drawing, readings) => checkFunction(deployment, drawing, readings)),
    ...drawn(FUNCTIONS, facts.functions, (drawing, readings) => checkRole(deployment, drawing, readings)),
    ...TABLES.flatMap((table) => checkTable(deployment, table, facts.tables[table])),
    ...SECRETS.flatMap((secret) => checkSecret(deployment, secret, facts)),
    ...checkAnybodyHears(deployment, facts),
    ...ALL_TOPICS.flatMap((topic) => checkTopic(deployment, topic, facts.topics[topic])),
    ...checkAlarms(deployment, facts.alarms),
    ...checkActivity(deployment, facts.tables, clock),
  ];
}

/** What is wrong with a thing that nobody needs now matters later. */
function softened(diagnosis: Diagnosis): Diagnosis {
  return diagnosis.state === 'fault' ? { ...diagnosis, state: 'warning' } : diagnosis;
}

/** Each drawing with what was read of it. */
function drawn<D extends { readonly name: string }, R>(
  drawings: readonly D[],
  readings: Readonly<Record<string, R>>,
  check: (drawing: D, reading: R) => readonly Diagnosis[],
): readonly Diagnosis[] {
  return drawings.flatMap((drawing) => {
    const reading = readings[drawing.name];
    return reading === undefined ? [] : check(drawing, reading);
  });
}

/** A typing error in the stage, or another account: not one of its parts exists, as far as could be read. */
function isNowhere({ rules, queues, functions }: Facts): boolean {
  const states = [
    ...Object.values(rules).map(({ rule }) => rule.state),
    ...Object.values(queues).map(({ state }) => state),
    ...Object.values(functions).map(({ configuration }) => configuration.state),
  ];
  return states.includes('absent') && !states.includes('found');
}
