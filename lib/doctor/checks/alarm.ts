import { ALARMS } from '../blueprint.ts';
import { type Deployment, nameOf } from '../deployment.ts';
import { chart, type Diagnosis } from '../diagnosis.ts';
import type { AlarmFacts } from '../facts.ts';
import { aws, restore } from '../fix.ts';
import type { Reading } from '../reading.ts';

const WHERE = 'resources/alarms.yml';

/** Every alarm exists, is armed, and tells somebody; one that rings is shown. */
export function checkAlarms(
  deployment: Deployment,
  alarms: Reading<readonly AlarmFacts[]>,
): readonly Diagnosis[] {
  if (alarms.state === 'denied' || alarms.state === 'failed') {
    return [chart('alarm', 'all').unread('exists', alarms)];
  }
  const found = alarms.state === 'found' ? alarms.value : [];
  return ALARMS.flatMap((short) =>
    checkAlarm(
      deployment,
      short,
      found.find(({ name }) => name === nameOf(deployment, short)),
    ),
  );
}

function checkAlarm(
  deployment: Deployment,
  short: string,
  alarm: AlarmFacts | undefined,
): readonly Diagnosis[] {
  const on = chart('alarm', short);
  const name = nameOf(deployment, short);
  if (!alarm) return [on.fault('exists', `The alarm ${name} does not exist.`, restore(deployment, WHERE))];
  return [checkActions(deployment, short, alarm), checkRinging(deployment, short, alarm)];
}

function checkActions(deployment: Deployment, short: string, { actions, isArmed }: AlarmFacts): Diagnosis {
  const on = chart('alarm', short);
  const name = nameOf(deployment, short);
  if (actions.length === 0) {
    const says = `The alarm ${name} has no action: it rings and nobody hears.`;
    return on.fault('actions', says, restore(deployment, `${WHERE}, AlarmActions`));
  }
  if (isArmed) return on.ok('actions', 'armed');
  return on.fault(
    'actions',
    `The actions of the alarm ${name} are switched off.`,
    aws(deployment, `cloudwatch enable-alarm-actions --alarm-names ${name}`),
  );
}

function checkRinging(deployment: Deployment, short: string, { isRinging }: AlarmFacts): Diagnosis {
  const on = chart('alarm', short);
  if (!isRinging) return on.ok('ringing', 'quiet');
  const name = nameOf(deployment, short);
  return on.warning(
    'ringing',
    `The alarm ${name} rings.`,
    aws(deployment, `cloudwatch describe-alarm-history --alarm-name ${name} --max-items 5`),
  );
}
