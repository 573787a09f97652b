import { BadReference } from '../errors.ts';
import type { Evidence } from '../image/evidence.ts';
import { formatRepoUrl, parsePageUrl, parseRepoUrl } from '../image/repo-url.ts';
import { raw, safeText, type Untrusted, untrusted } from '../image/untrusted.ts';
import type { Instant } from '../instant.ts';

/** What somebody says of an image, as it was typed. */
export interface Typed {
  readonly commit: string;
  readonly repoUrl?: string | undefined;
  readonly buildUrl?: string | undefined;
}

/** Who says it, and when. */
export interface Witness {
  readonly at: Instant;
  readonly by?: Untrusted;
}

const FULL = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** The declaration as evidence. Throws BadReference for what is no full commit, and for addresses that are none. */
export function parseDeclaration({ commit, repoUrl, buildUrl }: Typed, witness: Witness): Evidence {
  const sha = commit.toLowerCase();
  if (!FULL.test(sha) || /^0+$/.test(sha))
    throw new BadReference('--commit takes the whole commit, 40 or 64 hex characters: git rev-parse HEAD');
  const repository = checked('--repo-url', repoUrl, parseRepoUrl(repoUrl));
  const page = checked('--build-url', buildUrl, parsePageUrl(buildUrl));
  return {
    ...{ commit: sha, tier: 'declared', source: { from: 'declaration', ...witness } },
    ...(repository && { repoUrl: formatRepoUrl(repository) }),
    ...(page && { buildUrl: page }),
  };
}

function checked<T>(option: string, typed: string | undefined, parsed: T | undefined): T | undefined {
  if (typed !== undefined && parsed === undefined)
    throw new BadReference(`${option} takes an address, not ${safeText(untrusted(typed), 80)}`);
  return parsed;
}

/** True when both say the same, whoever said it first. */
export function saysTheSame(one: Evidence, other: Evidence): boolean {
  const words = ({ commit, repoUrl, buildUrl, source }: Evidence) => {
    const by = source.from === 'declaration' ? source.by : undefined;
    return JSON.stringify([commit, ...[repoUrl, buildUrl, by].map((it) => it && raw(it))]);
  };
  return one.source.from === other.source.from && words(one) === words(other);
}
