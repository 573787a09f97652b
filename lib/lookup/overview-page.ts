import { BadReference } from '../errors.ts';
import { type Repository, repositoryKey } from '../image/reference.ts';
import type { UrgentRepository } from '../policy/followed.ts';
import type { OverviewPorts } from './overview-ports.ts';

/** Which repositories are asked for. */
export interface AskedRepositories {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

interface RepositoryPage {
  readonly repositories: readonly Repository[];
  /** Keys of those that are here for what is urgent in them: the list by name leaves them out. */
  readonly urgent: ReadonlySet<string>;
  readonly next?: string;
}

/** Behind which of the urgent ones, or behind which name, a list goes on. */
type Place = { readonly urgent: UrgentRepository } | { readonly key: string };

/**
 * One page of all repositories: those with the most open criticals come first, then those with something not scanned,
 * then all by account, region and name. Throws BadReference for an `after` that no page ended with.
 */
export async function pageOf(asked: AskedRepositories, ports: OverviewPorts): Promise<RepositoryPage> {
  const { account, region, limit, after } = asked;
  const place = after === undefined ? undefined : parsePlace(after);
  const left = place && 'key' in place ? [] : await urgentAfter(place?.urgent, asked, ports);
  const first = left.slice(0, limit);
  const repositories = first.map(({ repository }) => repository);
  const urgent = new Set(repositories.map(repositoryKey));
  const last = first.at(-1);
  if (left.length > limit && last) return { repositories, urgent, next: urgentPlace(last) };
  const key = place && 'key' in place ? place.key : '';
  // A full page need not read on to know that there may be more.
  if (first.length === limit) return { repositories, urgent, next: namePlace('') };
  const rest = { account, region, after: key, limit: limit - first.length };
  const named = await ports.listRepositories(rest);
  const more = named.repositories.filter((it) => !urgent.has(repositoryKey(it)));
  return {
    repositories: [...repositories, ...more],
    urgent,
    ...(named.next && { next: namePlace(named.next) }),
  };
}

async function urgentAfter(
  after: UrgentRepository | undefined,
  { account, region }: AskedRepositories,
  ports: OverviewPorts,
): Promise<readonly UrgentRepository[]> {
  return (await ports.listUrgent())
    .filter(
      ({ repository: it }) => (account ?? it.account) === it.account && (region ?? it.region) === it.region,
    )
    .sort(compareUrgent)
    .filter((it) => !after || compareUrgent(after, it) < 0);
}

function compareUrgent(a: UrgentRepository, b: UrgentRepository): number {
  if (a.critical !== b.critical) return b.critical - a.critical;
  if (a.high !== b.high) return b.high - a.high;
  const [one, other] = [repositoryKey(a.repository), repositoryKey(b.repository)];
  return one === other ? 0 : one < other ? -1 : 1;
}

function urgentPlace({ critical, high, repository }: UrgentRepository): string {
  return `u.${critical}.${high}.${nameOf(repositoryKey(repository))}`;
}

function namePlace(key: string): string {
  return `n.${nameOf(key)}`;
}

/** No part of a key has a colon, and a shell does not care about one. */
function nameOf(key: string): string {
  return key.replaceAll('#', ':');
}

function parsePlace(text: string): Place {
  const [, critical, high, key] =
    /^(?:n|u\.(\d{1,9})\.(\d{1,9}))\.((?:\d{12}:[a-z0-9-]{1,40}:[a-z0-9._/-]{1,256})?)$/.exec(text) ?? [];
  if (key === undefined) throw new BadReference('no list ended there: take the `next` of the page before');
  if (critical === undefined) return { key: key.replaceAll(':', '#') };
  const [account = '', region = '', name = ''] = key.split(':');
  return {
    urgent: { critical: Number(critical), high: Number(high), repository: { account, region, name } },
  };
}
