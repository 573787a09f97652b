import { reading } from '../doctor/reading.ts';
import { matchesGlob } from '../policy/glob.ts';
import { checkRegistry } from './checks/registry.ts';
import type { Question, RegistryFacts } from './facts.ts';
import type { AuditFinding } from './finding.ts';
import type { AuditPorts } from './ports.ts';
import { readRegistry } from './registry.ts';
import type { RepositoryOutcome } from './repository.ts';
import type { RepositorySettings } from './settings.ts';
import { blindTo, orThrow, type Unread, unreadOf } from './unread.ts';
import { type Failure, type Watching, walk } from './walk.ts';

/** What an audit found. */
export interface Audit {
  readonly place: RegistryFacts['place'] | undefined;
  readonly repositories: number;
  readonly images: number;
  readonly findings: readonly AuditFinding[];
  /** Checks that were not made anywhere or somewhere, and why. */
  readonly unread: readonly (Unread & { readonly repositories?: number })[];
  readonly failures: readonly Failure[];
  /** Repositories that nobody came to. */
  readonly left: number;
}

/** Looks at every repository that is asked about. Throws the SDK's error when the registry or the tables do not answer. */
export async function audit(question: Question, ports: AuditPorts, watching: Watching): Promise<Audit> {
  const all = await listAll(ports);
  const [first] = all;
  if (!first) return nothing();
  const asked = all.filter(({ repository }) => isAsked(repository.name, question));
  const lineage = await reading('dynamodb:Query', () => ports.loadRunning(first.repository));
  const registry = await readRegistry(first, all, question, lineage.state !== 'absent', ports);
  for (const it of [lineage, registry.scanning]) orThrow(it);
  const audited = { question, registry, hasLineage: lineage.state === 'found' };
  const walked = await walk(asked, audited, ports, watching);
  const outcomes = [...walked.outcomes.values()];
  return {
    place: registry.place,
    repositories: outcomes.length,
    images: outcomes.reduce((sum, { images }) => sum + images, 0),
    findings: [...checkRegistry(registry), ...outcomes.flatMap(({ findings }) => findings)],
    unread: [
      ...unreadOf('scan-off', registry.scanning),
      ...(registry.heard ? unreadOf('scan-unheard', registry.heard.rule) : []),
      ...blindTo(lineage, question),
      ...summed(outcomes),
    ],
    failures: walked.failures,
    left: asked.length - outcomes.length - walked.failures.length,
  };
}

function nothing(): Audit {
  const none = { findings: [], unread: [], failures: [] };
  return { place: undefined, repositories: 0, images: 0, left: 0, ...none };
}

function isAsked(name: string, { patterns }: Question): boolean {
  return patterns.length === 0 || patterns.some((pattern) => matchesGlob(pattern, name));
}

async function listAll({ listSettings }: AuditPorts): Promise<readonly RepositorySettings[]> {
  const all: RepositorySettings[] = [];
  let nextToken: string | undefined;
  do {
    const page = await listSettings(nextToken);
    all.push(...page.items);
    nextToken = page.nextToken;
  } while (nextToken);
  return all;
}

/** The same reason in many repositories is said once. */
function summed(outcomes: readonly RepositoryOutcome[]): Audit['unread'] {
  const counts = new Map<string, Unread & { readonly repositories: number }>();
  for (const { unread } of outcomes)
    for (const it of unread) {
      const key = `${it.check} ${it.why}`;
      counts.set(key, { ...it, repositories: (counts.get(key)?.repositories ?? 0) + 1 });
    }
  return [...counts.values()];
}
