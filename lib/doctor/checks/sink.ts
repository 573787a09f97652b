import { type SecretDrawing, SINK_SECRETS, type TopicName } from '../blueprint.ts';
import { arnOf, type Deployment, nameOf } from '../deployment.ts';
import { chart, type Diagnosis, judge } from '../diagnosis.ts';
import type { Facts } from '../facts.ts';
import { aws, word } from '../fix.ts';
import { foundIn } from '../reading.ts';

/** The parameter that a function reads its secret from; undefined when its environment could not be read. */
export function parameterOf(
  { functions }: Pick<Facts, 'functions'>,
  drawing: SecretDrawing,
): string | undefined {
  const configuration = functions[drawing.readBy]?.configuration ?? { state: 'absent' };
  return foundIn(configuration)?.environment[`SCAN_RESPONSE_${drawing.variable}`];
}

/** The secret of a sink is there, encrypted, and not empty; without one the sink is off, which is a choice. */
export function checkSecret(
  deployment: Deployment,
  drawing: SecretDrawing,
  facts: Facts,
): readonly Diagnosis[] {
  const { sink, label } = drawing;
  const on = chart('sink', sink);
  const name = parameterOf(facts, drawing);
  const secret = facts.secrets[sink];
  if (name === undefined || secret === undefined) return [];
  const put = aws(
    deployment,
    `ssm put-parameter --type SecureString --overwrite --name ${word(name)} --value "$SECRET"`,
  );
  return judge(on, 'secret', secret, {
    absent: () => on.ok('secret', `off: there is no parameter ${name}`, `To turn ${label} on: ${put}`),
    found: ({ type, isEmpty }) => {
      if (type !== 'SecureString') {
        const says = `The parameter ${name} is a ${type}: the secret of ${label} lies there unencrypted.`;
        // A parameter keeps its type: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
        const remove = aws(deployment, `ssm delete-parameter --name ${word(name)}`);
        return [on.fault('secret', says, `Make a new secret, then ${remove} && ${put}`)];
      }
      return [
        isEmpty
          ? on.fault('secret', `The parameter ${name} is empty: ${label} is off, and nobody chose that.`, put)
          : on.ok('secret', 'on: its secret is there'),
      ];
    },
  });
}

/** Somebody hears: a secret is there or the notices have a subscriber. Says nothing while that is not known. */
export function checkAnybodyHears(deployment: Deployment, { secrets, topics }: Facts): readonly Diagnosis[] {
  const on = chart('sink', 'any');
  const readings = SINK_SECRETS.map(({ sink }) => secrets[sink]);
  const { notices, chat } = topics;
  if (readings.some((secret) => foundIn(secret ?? { state: 'absent' })?.isEmpty === false)) return [];
  if ([notices, chat].some((topic) => topic?.state === 'found' && topic.value.confirmed > 0)) return [];
  if (readings.some((secret) => secret?.state !== 'absent') || notices?.state !== 'found') return [];
  return [
    on.warning(
      'heard',
      'Every sink is off and nobody subscribes: whatever is found, nobody hears.',
      subscribe(deployment),
    ),
  ];
}

/** The command that subscribes somebody to the notices, or to the alarms; to chat, the service subscribes itself. */
export function subscribe(deployment: Deployment, topic: TopicName = 'notices'): string {
  const name = nameOf(deployment, topic);
  const arn = arnOf(deployment, 'sns', name) ?? `<ARN of ${name}>`;
  if (topic === 'chat')
    return `Add ${arn} to a channel in Amazon Q Developer in chat applications: docs/sns.md`;
  return aws(
    deployment,
    `sns subscribe --topic-arn ${arn} --protocol email --notification-endpoint you@example.com`,
  );
}
