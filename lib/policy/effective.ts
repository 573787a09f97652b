import type { Instant } from '../instant.ts';
import { fingerprint } from '../scan/compare.ts';
import type { PolicyDocument, PolicySettings, RepositorySettings } from './document.ts';
import { matchesGlob } from './glob.ts';
import { isInForce } from './ignore.ts';
import type { Policy } from './policy.ts';
import type { Route } from './route.ts';

/**
 * What holds for a repository now: the environment's settings, over them what the document says of all, and over that
 * what it says of some, the most specific pattern last. Each setting by itself.
 */
export function policyFor(
  repositoryName: string,
  document: PolicyDocument | undefined,
  defaults: Policy,
  now: Instant,
): Policy {
  if (!document) return defaults;
  const settings = settingsFor(repositoryName, document);
  const { track, notifyAt, onlyFixable, renotifyAfter } = settings;
  const { renotifyAfterSeconds: byDefault, ...others } = defaults;
  const renotifyAfterSeconds = renotifyAfter === undefined ? byDefault : secondsOf(renotifyAfter);
  const ignore = (document.ignore ?? []).filter(
    (rule) => isInForce(rule, now) && matchesGlob(rule.repository ?? '*', repositoryName),
  );
  const route = routeOf(settings);
  const policy = {
    ...others,
    ...(track && { trackedTags: track }),
    ...(notifyAt && { notifyAt }),
    ...(renotifyAfterSeconds !== undefined && { renotifyAfterSeconds }),
    ...(onlyFixable !== undefined && { onlyFixable }),
    ...(ignore.length > 0 && { ignore }),
    ...(route && { route }),
    ...timesOf(settings),
  };
  const mark = markOf(policy);
  return mark === markOf(defaults) ? policy : { ...policy, mark };
}

/** How many characters of a pattern are fixed; a name without `*` is more specific than any pattern. */
export function specificityOf(pattern: string): number {
  return pattern.includes('*') ? pattern.replaceAll('*', '').length : Number.POSITIVE_INFINITY;
}

/** All that the document says of a repository; of two patterns that are as specific, the later one wins. */
function settingsFor(repositoryName: string, document: PolicyDocument): PolicySettings {
  const { version: _, repositories = [], ignore: __, ...general } = document;
  const matching = repositories.filter(({ name }) => matchesGlob(name, repositoryName)).sort(bySpecificity);
  return Object.assign({}, general, ...matching.map(({ name: _, ...settings }) => settings));
}

function bySpecificity(a: RepositorySettings, b: RepositorySettings): number {
  const [one, other] = [specificityOf(a.name), specificityOf(b.name)];
  return one === other ? 0 : one - other;
}

/** Takes `30d` or `12h`, returns seconds; undefined for `never`. */
function secondsOf(period: string): number | undefined {
  const [, count, unit] = /^(\d+)([hd])$/.exec(period) ?? [];
  return count === undefined ? undefined : Number(count) * (unit === 'd' ? 86_400 : 3600);
}

function timesOf({ quietHours, digest }: PolicySettings): Pick<Policy, 'quietHours' | 'digest'> {
  return {
    ...(quietHours && quietHours !== 'none' && { quietHours }),
    ...(digest && digest !== 'none' && { digest }),
  };
}

function routeOf({ owner, slackChannel, snsAttributes }: Route): Route | undefined {
  const route = {
    ...(owner && { owner }),
    ...(slackChannel && { slackChannel }),
    ...(snsAttributes && { snsAttributes }),
  };
  return Object.keys(route).length > 0 ? route : undefined;
}

/**
 * Which references are followed is not in it: who follows another one has no baseline of it. Nor is when people are told:
 * that makes nothing new of what was told.
 */
function markOf({ notifyAt, onlyFixable = false, ignore = [] }: Policy): string {
  const rules = ignore.map((it) => JSON.stringify([it.cve, it.package, it.path]));
  return fingerprint([notifyAt, String(onlyFixable), ...rules]).slice(0, 16);
}
