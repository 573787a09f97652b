import type { Instant } from '../instant.ts';
import type { PolicyDocument, PolicySettings } from '../policy/document.ts';
import { specificityOf } from '../policy/effective.ts';
import { globsOverlap } from '../policy/glob.ts';
import { type IgnoreRule, isInForce } from '../policy/ignore.ts';
import { freeDigest } from '../policy/not-before.ts';
import type { Remark, WhereIs } from './parse.ts';
import { subjectOf } from './words.ts';

/** What is known outside of the file. */
export interface PolicyFacts {
  /** Names of repositories that no push was recorded of. */
  readonly unknownRepositories: ReadonlySet<string>;
  /** Rules, by their place in the list, whose id was never found in a repository that they are about. */
  readonly unseen: ReadonlySet<number>;
}

const DAY_MS = 86_400_000;
const SOON_DAYS = 7;

/** What a person should know about a policy that may be applied all the same. */
export function reviewPolicy(
  document: PolicyDocument,
  whereIs: WhereIs,
  now: Instant,
  facts: PolicyFacts,
): readonly Remark[] {
  const { repositories = [], ignore = [] } = document;
  return [
    ...repositories.flatMap(({ name }, nth) =>
      aboutName(name, whereIs(['repositories', nth, 'name']), facts),
    ),
    ...sameSpecificity(document, whereIs),
    ...quietDigests(document, whereIs, now),
    ...ignore.flatMap((rule, nth) => aboutRule(rule, nth, { whereIs, now, facts })),
    ...overlaps(ignore, whereIs),
  ];
}

/** The exact names of repositories in a policy: a pattern may wait for its first repository. */
export function namedRepositories({ repositories = [], ignore = [] }: PolicyDocument): readonly string[] {
  const names = [...repositories.map(({ name }) => name), ...ignore.flatMap((it) => it.repository ?? [])];
  return [...new Set(names.filter((it) => !it.includes('*')))];
}

function aboutName(name: string, where: string, { unknownRepositories }: PolicyFacts): readonly Remark[] {
  if (!unknownRepositories.has(name)) return [];
  return [{ where, says: `no push to a repository called ${name} is on record: is the name right?` }];
}

function sameSpecificity({ repositories = [] }: PolicyDocument, whereIs: WhereIs): readonly Remark[] {
  return repositories.flatMap(({ name }, nth) => {
    const other = repositories.findIndex(
      (it, at) => at < nth && specificityOf(it.name) === specificityOf(name) && globsOverlap(it.name, name),
    );
    if (other < 0) return [];
    const says = `${name} and ${repositories[other]?.name} may be about the same repository, and are as specific: what this one says wins`;
    return [{ where: whereIs(['repositories', nth, 'name']), says }];
  });
}

/** Where every digest of a week is in quiet hours: each of the two may be meant, and both together hardly are. */
function quietDigests(document: PolicyDocument, whereIs: WhereIs, now: Instant): readonly Remark[] {
  const says = 'every digest is in quiet hours: what gathers is told when they end';
  const { repositories = [] } = document;
  const places = [
    ...[{ own: document as PolicySettings, path: [] as (string | number)[] }],
    ...repositories.map((own, nth) => ({ own, path: ['repositories', nth] })),
  ];
  return places.flatMap(({ own, path }) => {
    const [said] = (['digest', 'quietHours'] as const).filter((it) => own[it] !== undefined);
    return said && isNeverFree({ ...document, ...own }, now)
      ? [{ where: whereIs([...path, said]), says }]
      : [];
  });
}

function isNeverFree({ digest = 'none', quietHours = 'none' }: PolicySettings, now: Instant): boolean {
  if (digest === 'none' || quietHours === 'none') return false;
  return freeDigest(digest, quietHours, Date.parse(now)) === undefined;
}

function aboutRule(
  rule: IgnoreRule,
  nth: number,
  { whereIs, now, facts }: { readonly whereIs: WhereIs; readonly now: Instant; readonly facts: PolicyFacts },
): readonly Remark[] {
  const where = whereIs(['ignore', nth]);
  const subject = subjectOf(rule);
  const soon = new Date(Date.parse(now) + SOON_DAYS * DAY_MS).toISOString() as Instant;
  const isWide = rule.cve === undefined || /^\*+$/.test(rule.cve);
  const isAll = isWide && rule.package === undefined && rule.path === undefined;
  const { expires } = rule;
  return [
    ...(rule.repository ? aboutName(rule.repository, whereIs(['ignore', nth, 'repository']), facts) : []),
    ...(isAll ? [{ where, says: `the rule ignores every finding: name a cve, a package or a path` }] : []),
    ...(isInForce(rule, now)
      ? isInForce(rule, soon)
        ? []
        : [{ where, says: `${subject} speaks again soon: the rule ends on ${expires}` }]
      : [{ where, says: `${subject} speaks again: the rule ended on ${expires}` }]),
    ...(facts.unseen.has(nth)
      ? [{ where, says: `${subject} was never found there: nothing to ignore` }]
      : []),
  ];
}

/** Two rules that may be about one finding: until the later day it is ignored. */
function overlaps(ignore: readonly IgnoreRule[], whereIs: WhereIs): readonly Remark[] {
  return ignore.flatMap((rule, nth) => {
    const other = ignore.findIndex((it, at) => at < nth && mayMeet(it, rule));
    if (other < 0) return [];
    const says = `the rule may be about the same finding as the one in ${whereIs(['ignore', other])}: it is ignored until both have ended`;
    return [{ where: whereIs(['ignore', nth]), says }];
  });
}

function mayMeet(a: IgnoreRule, b: IgnoreRule): boolean {
  return (['cve', 'repository', 'package', 'path'] as const).every((key) =>
    globsOverlap(a[key] ?? '*', b[key] ?? '*'),
  );
}
