import { type Deployment, nameOf } from '../deployment.ts';
import { type Chart, chart, type Diagnosis, judge } from '../diagnosis.ts';
import type { Facts, ScanningFacts } from '../facts.ts';
import { aws, restore } from '../fix.ts';
import { foundIn } from '../reading.ts';
import type { RuleName } from '../rules.ts';

/** Which rule hears of the scans of a registry: enhanced scanning never sends `ECR Image Scan`. */
const HEARS: Readonly<Record<string, RuleName>> = { BASIC: 'image-scan', ENHANCED: 'inspector-scan' };

/** The registry scans what is pushed, and the rule for its kind of scanning is there and on. */
export function checkScanning(deployment: Deployment, facts: Facts): readonly Diagnosis[] {
  const on = chart('registry', 'scanning');
  return judge(on, 'frequency', facts.scanning, {
    absent: () => withoutScans(on, deployment, { type: 'BASIC', rules: [] }),
    found: (scanning) => [
      checkFrequency(on, deployment, scanning),
      checkHeard(on, deployment, scanning, facts),
    ],
  });
}

/** True for the rule of the other kind of scanning: as long as the registry stays as it is, it hears nothing. */
export function isIdle(rule: RuleName, { scanning }: Pick<Facts, 'scanning'>): boolean {
  const needed = HEARS[foundIn(scanning)?.type ?? ''];
  return needed !== undefined && needed !== rule && Object.values(HEARS).includes(rule);
}

function checkFrequency(on: Chart, deployment: Deployment, scanning: ScanningFacts): Diagnosis {
  const active = scanning.rules.filter(
    ({ frequency, filters }) => frequency !== 'MANUAL' && filters.length > 0,
  );
  if (active.length === 0) return withoutScans(on, deployment, scanning);
  const rules = active.map(({ frequency, filters }) => `${frequency} for ${filters.join(', ')}`).join('; ');
  const rest = active.some(({ filters }) => filters.includes('*'))
    ? ''
    : ', other repositories are not scanned';
  return on.ok('frequency', `${scanning.type}: ${rules}${rest}`);
}

/** There is no way to start an enhanced scan by hand; a basic one can be. */
function withoutScans(on: Chart, deployment: Deployment, { type }: ScanningFacts): Diagnosis {
  const frequency = 'SCAN_ON_PUSH';
  const rules = [{ scanFrequency: frequency, repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }];
  const put = aws(
    deployment,
    `ecr put-registry-scanning-configuration --scan-type ${type} --rules '${JSON.stringify(rules)}'`,
  );
  return type === 'ENHANCED'
    ? on.fault(
        'frequency',
        'Enhanced scanning is on and no repository is scanned: no scan ever arrives.',
        put,
      )
    : on.warning(
        'frequency',
        'The registry scans nothing on push (MANUAL): a scan arrives only when somebody calls StartImageScan, or where a repository still has scanOnPush of its own.',
        put,
      );
}

function checkHeard(on: Chart, deployment: Deployment, { type }: ScanningFacts, { rules }: Facts): Diagnosis {
  const needed = HEARS[type];
  if (!needed) return on.ok('heard', `a kind of scanning that is new to us: ${type}`);
  const { rule } = rules[needed] ?? { rule: { state: 'absent' } as const };
  if (rule.state === 'denied' || rule.state === 'failed') return on.unread('heard', rule);
  if (foundIn(rule)?.isEnabled) return on.ok('heard', `${needed} hears of it`);
  const name = nameOf(deployment, needed);
  return on.fault(
    'heard',
    `The registry uses ${type.toLowerCase()} scanning and the rule ${name} is ${rule.state === 'absent' ? 'missing' : 'disabled'}: scans end and nobody hears of them.`,
    rule.state === 'absent'
      ? restore(deployment, 'resources/rules.yml')
      : aws(deployment, `events enable-rule --name ${name}`),
  );
}
