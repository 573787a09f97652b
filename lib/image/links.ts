import { parseRepoUrl } from './repo-url.ts';
import { raw, type Untrusted } from './untrusted.ts';

/** The kinds of web pages that show commits. */
export type HostKind =
  | 'github'
  | 'gitlab'
  | 'bitbucket'
  | 'bitbucket-server'
  | 'codecommit'
  | 'azure-devops'
  | 'gitea';

/** Host (with its port where that is not 443) → what runs there. Only these are ever linked to. */
export type Hosts = Readonly<Record<string, HostKind>>;

export const PUBLIC_HOSTS: Hosts = {
  'github.com': 'github',
  'gitlab.com': 'gitlab',
  'bitbucket.org': 'bitbucket',
  'dev.azure.com': 'azure-devops',
  'codeberg.org': 'gitea',
};

interface Pages {
  readonly commit: (sha: string) => string;
  /** What `newer` has that `older` has not. */
  readonly compare: (older: string, newer: string) => string;
}

const COMMIT = /^(?:[0-9a-f]{7,40}|[0-9a-f]{64})$/;
const CODECOMMIT_HOST = /^git-codecommit\.([a-z]{2}(?:-[a-z]+){1,2}-\d)\.amazonaws\.com$/;

/**
 * The page of a commit. Takes the address of its repository in any form, the commit in hex, and the hosts that may be
 * linked to; undefined for every other host, and for what is no repository there or no commit.
 */
export function commitLink(
  repoUrl: Untrusted,
  commit: string,
  hosts: Hosts = PUBLIC_HOSTS,
): string | undefined {
  return COMMIT.test(commit) ? pagesOf(repoUrl, hosts)?.commit(commit) : undefined;
}

/** The page that compares two commits, the older first; undefined as for `commitLink`. */
export function compareLink(
  repoUrl: Untrusted,
  older: string,
  newer: string,
  hosts: Hosts = PUBLIC_HOSTS,
): string | undefined {
  if (!COMMIT.test(older) || !COMMIT.test(newer)) return undefined;
  return pagesOf(repoUrl, hosts)?.compare(older, newer);
}

function pagesOf(repoUrl: Untrusted, hosts: Hosts): Pages | undefined {
  const repo = parseRepoUrl(raw(repoUrl));
  if (!repo) return undefined;
  const { host, path } = repo;
  const region = CODECOMMIT_HOST.exec(host)?.[1];
  const kind = region ? 'codecommit' : hosts[host];
  const pages = kind && PAGES[kind](path.split('/'), region ?? '');
  return (
    pages && {
      commit: (sha) => at(pages, host, pages.commit(sha)),
      compare: (a, b) => at(pages, host, pages.compare(a, b)),
    }
  );
}

function at({ host: other }: PathPages, host: string, path: string): string {
  return `https://${other ?? host}/${path}`;
}

interface PathPages extends Pages {
  /** Where the pages are, when that is not the repository's own host. */
  readonly host?: string;
}

type PagesOf = (segments: readonly string[], region: string) => PathPages | undefined;

const PAGES: Readonly<Record<HostKind, PagesOf>> = {
  github: (segments) => ownerAndName(segments, 'commit'),
  gitea: (segments) => ownerAndName(segments, 'commit'),
  gitlab: (segments) => {
    if (segments.length < 2 || segments.includes('-')) return undefined;
    const repo = segments.join('/');
    return {
      commit: (sha) => `${repo}/-/commit/${sha}`,
      compare: (older, newer) => `${repo}/-/compare/${older}...${newer}`,
    };
  },
  bitbucket: (segments) => {
    const pages = ownerAndName(segments, 'commits');
    // Bitbucket Cloud wants the newer first.
    return (
      pages && {
        ...pages,
        compare: (older, newer) => `${segments.join('/')}/branches/compare/${newer}..${older}`,
      }
    );
  },
  'bitbucket-server': (segments) => {
    const repo = bitbucketServerRepo(segments);
    if (!repo) return undefined;
    return {
      commit: (sha) => `${repo}/commits/${sha}`,
      compare: (older, newer) => `${repo}/compare/commits?sourceBranch=${newer}&targetBranch=${older}`,
    };
  },
  codecommit: (segments, region) => {
    const [v1, repos, name, ...more] = segments;
    if (!region || v1 !== 'v1' || repos !== 'repos' || !name || more.length > 0) return undefined;
    const repo = `codesuite/codecommit/repositories/${name}`;
    return {
      host: `${region}.console.aws.amazon.com`,
      commit: (sha) => `${repo}/commit/${sha}?region=${region}`,
      compare: (older, newer) => `${repo}/compare/${newer}/.../${older}?region=${region}`,
    };
  },
  'azure-devops': (segments) => {
    const git = segments.indexOf('_git');
    if ((git !== 1 && git !== 2) || segments.length !== git + 2) return undefined;
    const repo = segments.join('/');
    return {
      commit: (sha) => `${repo}/commit/${sha}`,
      compare: (older, newer) => `${repo}/branchCompare?baseVersion=GC${older}&targetVersion=GC${newer}`,
    };
  },
};

/** True for a kind that has links. */
export function isHostKind(text: string): text is HostKind {
  return Object.hasOwn(PAGES, text);
}

function ownerAndName(segments: readonly string[], commits: string): PathPages | undefined {
  if (segments.length !== 2) return undefined;
  const repo = segments.join('/');
  return {
    commit: (sha) => `${repo}/${commits}/${sha}`,
    compare: (older, newer) => `${repo}/compare/${older}...${newer}`,
  };
}

/** `scm/P/r` over https, `P/r` over ssh, `projects/P/repos/r` in the browser; `~name` is a person's own. */
function bitbucketServerRepo(segments: readonly string[]): string | undefined {
  const [first, project, repos, name] = segments;
  const isPage = segments.length === 4 && (first === 'projects' || first === 'users') && repos === 'repos';
  if (isPage) return `${first}/${project}/repos/${name}`;
  const [owner, repo, ...more] = first === 'scm' ? segments.slice(1) : segments;
  if (!owner || !repo || more.length > 0) return undefined;
  return owner.startsWith('~') ? `users/${owner.slice(1)}/repos/${repo}` : `projects/${owner}/repos/${repo}`;
}
