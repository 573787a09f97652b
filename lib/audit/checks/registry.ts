import { foundIn } from '../../doctor/reading.ts';
import { safeText, untrusted } from '../../image/untrusted.ts';
import type { RegistryFacts } from '../facts.ts';
import { type AuditFinding, findingAt } from '../finding.ts';
import { onRegistry } from '../fix.ts';
import { filterMatches } from './scanning.ts';

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const MOST_REPOSITORIES = 100_000;
const NEAR = 0.8;

/** What concerns the registry as a whole. */
export function checkRegistry(facts: RegistryFacts): readonly AuditFinding[] {
  return [...checkHeard(facts), ...checkFilters(facts), ...checkCount(facts)];
}

/** Enhanced scanning never sends `ECR Image Scan`: each mode has a rule of its own. */
function checkHeard({ place, scanning, heard }: RegistryFacts): readonly AuditFinding[] {
  const type = foundIn(scanning)?.type;
  if (!type || !heard || heard.rule.state === 'denied' || heard.rule.state === 'failed') return [];
  if (heard.rule.state === 'found' && heard.rule.value.isEnabled) return [];
  const isMissing = heard.rule.state === 'absent';
  return [
    findingAt(place, 'scan-unheard', {
      reason: `The registry uses ${type.toLowerCase()} scanning and the rule ${heard.name} is ${isMissing ? 'missing' : 'disabled'}: scans end and nobody hears of them.`,
      fix: isMissing
        ? 'deploy the stack again (resources/rules.yml); scan-response doctor says what else is missing'
        : `aws events enable-rule --name ${heard.name} --region ${place.region}`,
    }),
  ];
}

/** A typing error in a filter leaves out what somebody wanted scanned. */
function checkFilters({ place, scanning, names }: RegistryFacts): readonly AuditFinding[] {
  const rules = foundIn(scanning)?.rules ?? [];
  const idle = rules
    .flatMap(({ filters }) => filters)
    .filter((filter) => names.length > 0 && !names.some((name) => filterMatches(filter, name)));
  return [...new Set(idle)].map((filter) => {
    const shown = safeText(untrusted(filter), 100);
    return findingAt(place, 'scan-filter-idle', {
      reason: `The filter ${JSON.stringify(shown)} of the scanning configuration matches none of ${names.length} repositories.`,
      fix: `${onRegistry(place, 'get-registry-scanning-configuration')}, then correct the filter or take it out with put-registry-scanning-configuration`,
    });
  });
}

function checkCount({ place, names }: RegistryFacts): readonly AuditFinding[] {
  const share = names.length / MOST_REPOSITORIES;
  if (share < NEAR) return [];
  return [
    findingAt(place, 'near-repository-limit', {
      reason: `${names.length} of ${MOST_REPOSITORIES} repositories (${Math.floor(100 * share)} %): then none can be made.`,
      fix: 'remove what nobody uses, or ask for more: aws service-quotas list-service-quotas --service-code ecr has the code for request-service-quota-increase',
    }),
  ];
}
