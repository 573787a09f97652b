import type { FUNCTIONS, Grant } from '../blueprint.ts';
import { arnOf, type Deployment, nameOf } from '../deployment.ts';
import { chart, type Diagnosis, judge } from '../diagnosis.ts';
import type { FunctionReadings, RoleFacts } from '../facts.ts';
import { restore } from '../fix.ts';
import { permits, statementsOf } from '../policy.ts';
import { foundIn } from '../reading.ts';

type Drawing = (typeof FUNCTIONS)[number];

const SHOWN = 3;

/** The inline policies of a function's role allow what its code calls. */
export function checkRole(
  deployment: Deployment,
  { name, grants, whereSet }: Drawing,
  { configuration, role }: FunctionReadings,
): readonly Diagnosis[] {
  if (!role) return [];
  const on = chart('role', name);
  const environment = foundIn(configuration)?.environment ?? {};
  const where = 'resources/roles.yml';
  const isSet = whereSet && environment[`SCAN_RESPONSE_${whereSet.variable}`];
  const wanted = isSet ? [...grants, ...whereSet.grants] : grants;
  return judge(on, 'exists', role, {
    absent: () =>
      on.fault(
        'exists',
        `The role of ${nameOf(deployment, name)} does not exist.`,
        restore(deployment, where),
      ),
    found: (facts) => {
      const missing = wanted.flatMap((grant) => missingOf(deployment, grant, facts, environment));
      if (missing.length === 0) return [on.ok('permits', 'permits what the code calls')];
      const says = `The role of ${nameOf(deployment, name)} does not permit ${shortened(missing)}`;
      return [
        facts.attached.length === 0
          ? on.fault('permits', `${says}.`, restore(deployment, where))
          : on.warning(
              'permits',
              `${says}, unless an attached policy does: ${facts.attached.join(', ')}.`,
              restore(deployment, where),
            ),
      ];
    },
  });
}

function shortened(missing: readonly string[]): string {
  const rest = missing.length - SHOWN;
  return `${missing.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function missingOf(
  deployment: Deployment,
  grant: Grant,
  { policies }: RoleFacts,
  environment: Readonly<Record<string, string>>,
): readonly string[] {
  const resource = resourceOf(deployment, grant.on, environment);
  if (resource === undefined) return [];
  const statements = policies.flatMap(statementsOf);
  return grant.actions
    .filter((action) => !permits(statements, action, resource))
    .map((action) => (grant.on === '*' ? action : `${action} on ${grant.on.replace(':', ' ')}`));
}

/** An ARN of what is granted; undefined when it cannot be known from here. */
function resourceOf(
  deployment: Deployment,
  on: Grant['on'],
  environment: Readonly<Record<string, string>>,
): string | undefined {
  const { place } = deployment;
  if (on === '*') return '*';
  if (on === 'reader')
    return place && `arn:${place.partition}:iam::${place.account}:role/${nameOf(deployment, on)}`;
  if (on === 'repositories') return arnOf(deployment, 'ecr', 'repository/any');
  const [kind, short = ''] = on.split(':');
  if (kind === 'queue') return arnOf(deployment, 'sqs', nameOf(deployment, short));
  if (kind === 'table') return arnOf(deployment, 'dynamodb', `table/${nameOf(deployment, short)}`);
  if (kind === 'index') {
    const [table = '', index] = short.split('/');
    return arnOf(deployment, 'dynamodb', `table/${nameOf(deployment, table)}/index/${index}`);
  }
  if (kind === 'topic') return arnOf(deployment, 'sns', nameOf(deployment, short));
  const parameter = environment[`SCAN_RESPONSE_${short}`];
  if (parameter === undefined) return undefined;
  return parameter.startsWith('arn:') ? parameter : arnOf(deployment, 'ssm', `parameter${parameter}`);
}
