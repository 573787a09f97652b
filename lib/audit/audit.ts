import type { Reading } from '../doctor/reading.ts';
import { reading } from '../doctor/reading.ts';
import { repositoryKey } from '../image/reference.ts';
import { matchesGlob } from '../policy/glob.ts';
import { CHECK_IDS, checkOf } from './catalogue.ts';
import { checkRegistry } from './checks/registry.ts';
import type { Question, RegistryFacts } from './facts.ts';
import type { AuditFinding } from './finding.ts';
import type { AuditPorts } from './ports.ts';
import { type Audited, auditRepository, type RepositoryOutcome } from './repository.ts';
import type { RepositorySettings } from './settings.ts';
import { type Unread, unreadOf } from './unread.ts';

/** Repositories that are looked at at the same time; the pace bounds what of it reaches the registry. */
const AT_ONCE = 16;
/** So many failures in a row are nobody's own: an expired login, or a registry that is down. */
const MOST_FAILURES = 2 * AT_ONCE;

/** How an audit is watched, stopped, and gone on with. */
export interface Watching {
  /** What an earlier run found, by repository: it is not looked at again. */
  readonly done: ReadonlyMap<string, RepositoryOutcome>;
  readonly onDone: (key: string, outcome: RepositoryOutcome, progress: Progress) => void;
  readonly isStopped: () => boolean;
}

interface Progress {
  readonly done: number;
  readonly of: number;
}

/** What an audit found. */
export interface Audit {
  readonly place: RegistryFacts['place'] | undefined;
  readonly repositories: number;
  readonly images: number;
  readonly findings: readonly AuditFinding[];
  /** Checks that were not made anywhere or somewhere, and why. */
  readonly unread: readonly (Unread & { readonly repositories?: number })[];
  /** Repositories that could not be read, and why. */
  readonly failures: readonly { readonly repository: string; readonly why: string }[];
  /** Repositories that nobody came to. */
  readonly left: number;
}

/** Looks at every repository that is asked about. Throws the SDK's error when the registry cannot be listed. */
export async function audit(question: Question, ports: AuditPorts, watching: Watching): Promise<Audit> {
  const all = await listAll(ports);
  const [first] = all;
  if (!first) return nothing();
  const asked = all.filter(({ repository }) => isAsked(repository.name, question));
  const [registry, lineage] = await Promise.all([
    readRegistry(first, all, question, ports),
    reading('dynamodb:Query', () => ports.loadRunning(first.repository)),
  ]);
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

const RULES: Readonly<Record<string, string>> = { BASIC: 'image-scan', ENHANCED: 'inspector-scan' };

async function readRegistry(
  { repository: { account, region } }: RepositorySettings,
  all: readonly RepositorySettings[],
  { stage }: Question,
  { readScanning, readRule }: AuditPorts,
): Promise<RegistryFacts> {
  const scanning = await readScanning();
  const rule = RULES[scanning.state === 'found' ? scanning.value.type : ''];
  const name = `scan-response-${stage}-${rule}`;
  const heard = readRule && rule ? { name, rule: await readRule(name) } : undefined;
  return { place: { account, region }, scanning, heard, names: all.map((it) => it.repository.name) };
}

/** Without the tables nobody knows what runs, and with it which repositories are production. */
function blindTo(lineage: Reading<unknown>, { stage, production }: Question): readonly Unread[] {
  if (lineage.state === 'found') return [];
  const why =
    lineage.state === 'absent'
      ? `nothing of the stage ${stage} is deployed here: nobody knows what runs`
      : (unreadOf('running-gone', lineage)[0]?.why ?? '');
  const blind = CHECK_IDS.filter((id) => checkOf(id).needsLineage).map((check) => ({ check, why }));
  const unknown = `${why}, and no --production says which repositories are`;
  if (production.length > 0) return blind;
  return [...blind, { check: 'tags-mutable', why: unknown }, { check: 'tags-movable', why: unknown }];
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

/** One repository's trouble is not the others'; too many in a row end the walk. */
async function walk(
  asked: readonly RepositorySettings[],
  audited: Audited,
  ports: AuditPorts,
  { done, onDone, isStopped }: Watching,
): Promise<{ outcomes: Map<string, RepositoryOutcome>; failures: Audit['failures'] }> {
  const outcomes = new Map<string, RepositoryOutcome>();
  const failures: { readonly repository: string; readonly why: string }[] = [];
  const queue = asked.values();
  let inARow = 0;
  const visit = async (settings: RepositorySettings) => {
    const key = repositoryKey(settings.repository);
    const before = done.get(key);
    const outcome = before ?? (await auditRepository(settings, audited, ports));
    outcomes.set(key, outcome);
    inARow = 0;
    if (!before) onDone(key, outcome, { done: outcomes.size, of: asked.length });
  };
  const work = async () => {
    for (const settings of queue) {
      if (isStopped() || inARow >= MOST_FAILURES) return;
      await visit(settings).catch((error: Error) => {
        if (isStopped()) return;
        inARow += 1;
        failures.push({ repository: settings.repository.name, why: `${error.name}: ${error.message}` });
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { outcomes, failures };
}
