import type { HostKind, Hosts } from '../image/links.ts';
import { parseRepoUrl } from '../image/repo-url.ts';
import { raw, type Untrusted } from '../image/untrusted.ts';
import type { Verdict } from '../lookup/contains.ts';

const TIME_LIMIT_MS = 3_000;
const MAX_BYTES = 4_000_000;
const HEX = /^[0-9a-f]{7,64}$/;

export interface ForgeOptions {
  /** Only these are asked. */
  readonly hosts: Hosts;
  /** The token for a host's API; undefined when the caller has none for it. */
  readonly tokenOf: (host: string, kind: HostKind) => string | undefined;
  /** Stands for every API, on this machine only. */
  readonly baseUrl?: string | undefined;
}

/**
 * Whether one commit is an ancestor of another, as the API of the host of the source repository says: GitHub's
 * "compare two commits" and GitLab's "merge base". One request, three seconds, no redirects.
 * Sources: https://docs.github.com/en/rest/commits/commits#compare-two-commits
 * https://docs.gitlab.com/api/repositories/#merge-base
 */
export async function isAncestorOnForge(
  repoUrl: Untrusted,
  ancestor: string,
  descendant: string,
  options: ForgeOptions,
): Promise<Verdict> {
  const place = placeOf(repoUrl, options.hosts);
  if (!place) return unknown('the host of the source repository has no compare API that we may ask');
  if (!HEX.test(ancestor) || !HEX.test(descendant)) return unknown('these are no commits');
  const { host, kind, segments, api } = place;
  const token = options.tokenOf(host, kind);
  const url = `${options.baseUrl ?? api.baseUrl(host)}${api.path(segments, ancestor, descendant)}`;
  try {
    const reply = await fetch(url, {
      headers: {
        accept: 'application/json',
        'user-agent': 'scan-response',
        ...(token && api.headers(token)),
      },
      redirect: 'error',
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
    if (!reply.ok) return unknown(refusal(host, reply.status));
    return api.verdict(JSON.parse(await limitedText(reply)), ancestor);
  } catch (error) {
    return unknown(`${host} could not be asked: ${(error as Error).name}`);
  }
}

function placeOf(repoUrl: Untrusted, hosts: Hosts) {
  const repo = parseRepoUrl(raw(repoUrl));
  const kind = repo && Object.hasOwn(hosts, repo.host) ? hosts[repo.host] : undefined;
  const api = kind && APIS[kind];
  return repo && kind && api ? { host: repo.host, kind, segments: repo.path.split('/'), api } : undefined;
}

interface Api {
  readonly baseUrl: (host: string) => string;
  readonly path: (repository: readonly string[], ancestor: string, descendant: string) => string;
  readonly headers: (token: string) => Readonly<Record<string, string>>;
  readonly verdict: (body: unknown, ancestor: string) => Verdict;
}

const APIS: Readonly<Partial<Record<HostKind, Api>>> = {
  github: {
    baseUrl: (host) => (host === 'github.com' ? 'https://api.github.com' : `https://${host}/api/v3`),
    // The files of the change are on the first page only, and nobody needs them here.
    path: (repository, ancestor, descendant) =>
      `/repos/${repository.map(encodeURIComponent).join('/')}/compare/${ancestor}...${descendant}?per_page=1&page=2`,
    headers: (token) => ({ authorization: `Bearer ${token}` }),
    verdict: (body) => {
      const { status } = (body ?? {}) as { readonly status?: unknown };
      if (status === 'ahead' || status === 'identical') return { says: 'yes' };
      return status === 'behind' || status === 'diverged'
        ? { says: 'no' }
        : unknown('the reply says nothing');
    },
  },
  gitlab: {
    baseUrl: (host) => `https://${host}/api/v4`,
    path: (repository, ancestor, descendant) =>
      `/projects/${encodeURIComponent(repository.join('/'))}/repository/merge_base?refs[]=${ancestor}&refs[]=${descendant}`,
    headers: (token) => ({ 'private-token': token }),
    verdict: (body, ancestor) => {
      const { id } = (body ?? {}) as { readonly id?: unknown };
      if (typeof id !== 'string' || !HEX.test(id)) return unknown('the reply says nothing');
      return { says: id.startsWith(ancestor) ? 'yes' : 'no' };
    },
  },
};

function refusal(host: string, status: number): string {
  if (status === 404) return `${host} does not know one of the commits, or does not show us the repository`;
  return `${host} said ${status}${status === 401 || status === 403 || status === 429 ? ': a token may help' : ''}`;
}

function unknown(why: string): Verdict {
  return { says: 'unknown', why };
}

async function limitedText(reply: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of reply.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_BYTES) throw new RangeError('the reply is too long');
  }
  return text;
}
