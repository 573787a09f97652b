import type { FUNCTIONS } from '../blueprint.ts';
import { type Deployment, lastOf, nameOf } from '../deployment.ts';
import { type Chart, chart, type Diagnosis, judge } from '../diagnosis.ts';
import type { FunctionFacts, FunctionReadings, MappingFacts } from '../facts.ts';
import { aws, deploy, restore, word } from '../fix.ts';
import type { Reading } from '../reading.ts';

type Drawing = (typeof FUNCTIONS)[number];

/** A function exists, its last update went through, it may run, and it reads its queue. */
export function checkFunction(
  deployment: Deployment,
  drawing: Drawing,
  { configuration, reserved, mappings }: FunctionReadings,
): readonly Diagnosis[] {
  const on = chart('function', drawing.name);
  const name = nameOf(deployment, drawing.name);
  const missing = () =>
    on.fault('exists', `The function ${name} does not exist.`, restore(deployment, 'serverless.yml'));
  if (configuration.state === 'absent') return drawing.param ? [] : [missing()];
  return [
    ...judge(on, 'updated', configuration, {
      absent: missing,
      found: (facts) => [checkUpdate(on, deployment, name, facts)],
    }),
    checkReserved(on, deployment, name, reserved),
    ...checkReading(on, deployment, drawing, mappings, missing),
  ];
}

function checkUpdate(
  on: Chart,
  deployment: Deployment,
  name: string,
  { state, lastUpdate, reason }: FunctionFacts,
): Diagnosis {
  if (state !== 'Failed' && lastUpdate === 'Successful') return on.ok('updated', 'deployed');
  if (lastUpdate === 'InProgress' || state === 'Pending')
    return on.warning(
      'updated',
      `${name} is being updated.`,
      aws(deployment, `lambda wait function-updated-v2 --function-name ${name}`),
    );
  const why = reason ? `: ${reason}` : '';
  return on.fault(
    'updated',
    `${name} is ${state}, its last update ${lastUpdate}${why}.`,
    `${deploy(deployment)} --force`,
  );
}

function checkReserved(
  on: Chart,
  deployment: Deployment,
  name: string,
  reserved: Reading<number>,
): Diagnosis {
  if (reserved.state === 'denied' || reserved.state === 'failed') return on.unread('may-run', reserved);
  if (reserved.state === 'absent' || reserved.value > 0) return on.ok('may-run', 'may run');
  return on.fault(
    'may-run',
    `${name} may not run: its reserved concurrency is 0.`,
    aws(deployment, `lambda delete-function-concurrency --function-name ${name}`),
  );
}

function checkReading(
  on: Chart,
  deployment: Deployment,
  { name, queue }: Drawing,
  mappings: FunctionReadings['mappings'],
  missing: () => Diagnosis,
): readonly Diagnosis[] {
  if (queue === undefined) return [];
  return judge(on, 'reads-queue', mappings, {
    absent: missing,
    found: (found) => checkMapping(on, deployment, { name, queue }, found),
  });
}

function checkMapping(
  on: Chart,
  deployment: Deployment,
  { name, queue }: Pick<Drawing, 'name'> & { readonly queue: string },
  mappings: readonly MappingFacts[],
): readonly Diagnosis[] {
  const full = nameOf(deployment, queue);
  const mapping = mappings.find(({ queueArn }) => lastOf(queueArn) === full);
  if (!mapping) {
    const says = `${nameOf(deployment, name)} does not read ${full}: nothing empties it.`;
    return [on.fault('reads-queue', says, restore(deployment, 'serverless.yml, events of the function'))];
  }
  const update = `lambda update-event-source-mapping --uuid ${word(mapping.id)}`;
  const isOn = ['Enabled', 'Enabling', 'Creating', 'Updating'].includes(mapping.state);
  return [
    isOn
      ? on.ok('reads-queue', `reads ${queue}`)
      : on.fault(
          'reads-queue',
          `${nameOf(deployment, name)} does not read ${full}: the event source mapping is ${mapping.state}.`,
          aws(deployment, `${update} --enabled`),
        ),
    mapping.reportsEachFailure
      ? on.ok('reports-failures', 'fails one by one')
      : on.fault(
          'reports-failures',
          `${nameOf(deployment, name)} does not report failures one by one: one bad message repeats its batch.`,
          aws(deployment, `${update} --function-response-types ReportBatchItemFailures`),
        ),
  ];
}
