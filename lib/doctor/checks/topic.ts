import type { TopicName } from '../blueprint.ts';
import { type Deployment, nameOf } from '../deployment.ts';
import { chart, type Diagnosis, judge } from '../diagnosis.ts';
import type { TopicFacts } from '../facts.ts';
import { restore } from '../fix.ts';
import type { Reading } from '../reading.ts';
import { subscribe } from './sink.ts';

const CARRIES: Readonly<Record<TopicName, string>> = {
  notices: 'what SNS is told',
  operations: 'the alarms',
  chat: 'what chat applications are told',
};

/** Where the template has it. */
const FILES: Readonly<Record<TopicName, string>> = {
  notices: 'resources/topic.yml',
  operations: 'resources/alarms.yml',
  chat: 'resources/chat.cjs',
};

/** A topic exists and somebody who confirmed listens to it. */
export function checkTopic(
  deployment: Deployment,
  topic: TopicName,
  facts: Reading<TopicFacts> | undefined,
): readonly Diagnosis[] {
  if (!facts) return [];
  const on = chart('topic', topic);
  const name = nameOf(deployment, topic);
  return judge(on, 'exists', facts, {
    absent: () => on.fault('exists', `The topic ${name} does not exist.`, restore(deployment, FILES[topic])),
    found: ({ confirmed, pending }) => {
      if (confirmed > 0) return [on.ok('listeners', `${confirmed} listening`)];
      const says = `Nobody listens to ${name}: ${CARRIES[topic]} reaches nobody${pending > 0 ? `, ${pending} not confirmed` : ''}.`;
      const fix = pending > 0 ? 'Open the confirmation link that SNS sent; if it is lost, ' : '';
      return [on.warning('listeners', says, `${fix}${subscribe(deployment, topic)}`)];
    },
  });
}
