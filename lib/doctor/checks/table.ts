import type { TableName } from '../blueprint.ts';
import { type Deployment, nameOf } from '../deployment.ts';
import { type Chart, chart, type Diagnosis, judge } from '../diagnosis.ts';
import type { TableFacts, TableReadings } from '../facts.ts';
import { aws, restore } from '../fix.ts';

/** A table exists, answers, cannot be dropped by accident, and can be brought back to any second. */
export function checkTable(
  deployment: Deployment,
  short: TableName,
  { table, recovery }: TableReadings,
): readonly Diagnosis[] {
  const on = chart('table', short);
  const name = nameOf(deployment, short);
  const missing = () =>
    on.fault(
      'exists',
      `The table ${name} does not exist: nothing can be recorded.`,
      `Restore it from a backup if there is one; else ${restore(deployment, 'resources/tables.yml')}`,
    );
  if (table.state === 'absent') return [missing()];
  return [
    ...judge(on, 'active', table, {
      absent: missing,
      found: (facts) => [
        checkActive(on, deployment, name, facts),
        checkProtection(on, deployment, name, facts),
      ],
    }),
    ...judge(on, 'recovery', recovery, {
      absent: missing,
      found: (isOn) => [
        isOn
          ? on.ok('recovery', 'can be brought back to any second')
          : on.fault(
              'recovery',
              `Point-in-time recovery of ${name} is off: a mistake could not be undone.`,
              aws(
                deployment,
                `dynamodb update-continuous-backups --table-name ${name} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
              ),
            ),
      ],
    }),
  ];
}

function checkActive(
  on: Chart,
  deployment: Deployment,
  name: string,
  { status, indexes }: TableFacts,
): Diagnosis {
  const [busy] = indexes.filter((index) => index.status !== undefined && index.status !== 'ACTIVE');
  if (status === 'ACTIVE' && !busy) return on.ok('active', 'active');
  const says = busy
    ? `The index ${busy.name} of ${name} is ${busy.status}.`
    : `The table ${name} is ${status}.`;
  // Reads and writes go on while a table is updated: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
  const write = status === 'ACTIVE' || status === 'UPDATING' ? on.warning : on.fault;
  return write('active', says, aws(deployment, `dynamodb describe-table --table-name ${name}`));
}

function checkProtection(
  on: Chart,
  deployment: Deployment,
  name: string,
  { isProtected }: TableFacts,
): Diagnosis {
  if (isProtected) return on.ok('protected', 'cannot be deleted');
  return on.warning(
    'protected',
    `The table ${name} can be deleted: its deletion protection is off.`,
    aws(deployment, `dynamodb update-table --table-name ${name} --deletion-protection-enabled`),
  );
}
