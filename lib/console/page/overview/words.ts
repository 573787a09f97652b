import type { ReferenceState } from '../../../lookup/reference-state.ts';
import type { RepositoryState, Standing } from '../../../lookup/repository-state.ts';
import { NEWEST_PUSH } from '../../../policy/policy.ts';
import type { Counted } from '../../../policy/shown.ts';
import { countWords, NO_FINDINGS, SEVERITIES } from '../../../scan/severity.ts';
import { serviceName } from '../words.ts';

/** What matters most in a repository, in a word that fits a button; the worst first. */
export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  'runs-critical': 'Runs with criticals',
  critical: 'Criticals',
  'not-scanned': 'Not scanned',
  waiting: 'Waiting',
  scanned: 'No criticals',
  unknown: 'No scan on record',
};

/** A tag, or what is followed where no tag is. */
export function referenceName({ reference }: Pick<ReferenceState, 'reference'>): string {
  return reference === NEWEST_PUSH ? 'newest push' : reference;
}

/** What is counted beside the criticals and highs, how much can be fixed, and what of it is in doubt. */
export function besideWords({ counts, fixable, ignored, unknown = [] }: Partial<Counted>): string {
  if (!counts) return '';
  const milder = countWords(counts, SEVERITIES.slice(2));
  const fixes = fixable && SEVERITIES.reduce((sum, it) => sum + fixable[it], 0);
  const aside = countWords({ ...NO_FINDINGS, ...ignored });
  return [
    ...milder,
    ...(fixes ? [`${fixes} fixable`] : []),
    ...(aside.length > 0 ? [`${aside.join(', ')} ignored`] : []),
    ...(unknown.length > 0 ? ['list incomplete: at least these'] : []),
  ].join(', ');
}

/** How many repositories there are of each standing. */
export function countStandings(all: Iterable<RepositoryState>): ReadonlyMap<Standing, number> {
  const counts = new Map<Standing, number>();
  for (const { standing } of all) counts.set(standing, (counts.get(standing) ?? 0) + 1);
  return counts;
}

/** True when every word of the filter is in a name that belongs to the repository. */
export function isMatch({ repository, references, running }: RepositoryState, filter: string): boolean {
  const { name, account, region } = repository;
  const services = running.flatMap(({ services: all }) => all.map((workload) => serviceName({ workload })));
  const names = [name, account, region, ...references.map(referenceName), ...services].map((it) =>
    it.toLowerCase(),
  );
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => names.some((it) => it.includes(word)));
}
