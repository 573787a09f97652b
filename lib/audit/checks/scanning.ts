import type { ScanningFacts } from '../../doctor/facts.ts';
import { word } from '../../doctor/fix.ts';
import { foundIn } from '../../doctor/reading.ts';
import { matchesGlob } from '../../policy/glob.ts';
import type { RepositoryFacts } from '../facts.ts';
import { type AuditFinding, findingAt } from '../finding.ts';
import { onRegistry } from '../fix.ts';

type Frequency = 'CONTINUOUS_SCAN' | 'SCAN_ON_PUSH';

/**
 * A filter without `*` matches every name that contains it.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
 */
export function filterMatches(filter: string, name: string): boolean {
  return filter.includes('*') ? matchesGlob(filter, name) : name.includes(filter);
}

/**
 * How often a repository is scanned by itself: continuously goes before on push. Undefined when nothing scans it.
 * A repository's own setting counts with basic scanning only, and where the registry says nothing of it.
 */
export function frequencyOf(
  name: string,
  { type, rules }: ScanningFacts,
  scansOnPush: boolean,
): Frequency | undefined {
  const matching = rules.filter(({ filters }) => filters.some((filter) => filterMatches(filter, name)));
  for (const frequency of ['CONTINUOUS_SCAN', 'SCAN_ON_PUSH'] as const)
    if (matching.some((rule) => rule.frequency === frequency)) return frequency;
  return type === 'BASIC' && scansOnPush ? 'SCAN_ON_PUSH' : undefined;
}

/** Something scans what is pushed. */
export function checkScanned({ settings, registry }: RepositoryFacts): readonly AuditFinding[] {
  const scanning = foundIn(registry.scanning);
  const { repository, scansOnPush } = settings;
  if (!scanning || frequencyOf(repository.name, scanning, scansOnPush)) return [];
  const own = scansOnPush ? '; its own scanOnPush counts for nothing with enhanced scanning' : '';
  return [
    findingAt(repository, 'scan-off', {
      reason: `${scanning.type === 'ENHANCED' ? 'Enhanced' : 'Basic'} scanning is on and no rule of the registry has this repository${own}: what is pushed is not scanned.`,
      fix: onRegistry(
        repository,
        `put-registry-scanning-configuration --scan-type ${word(scanning.type)} --rules ${word(JSON.stringify(withRule(scanning, repository.name)))}`,
      ),
    }),
  ];
}

/** The rules as they are, and this repository among those that are scanned: the call replaces all of them. */
function withRule({ rules, type }: ScanningFacts, name: string) {
  const wanted = type === 'ENHANCED' ? 'CONTINUOUS_SCAN' : 'SCAN_ON_PUSH';
  const has = rules.some(({ frequency }) => frequency === wanted);
  const all = has ? rules : [...rules, { frequency: wanted, filters: [] }];
  return all.map(({ frequency, filters }) => ({
    scanFrequency: frequency,
    repositoryFilters: (frequency === wanted ? [...filters, name] : filters).map((filter) => ({
      filter,
      filterType: 'WILDCARD',
    })),
  }));
}
