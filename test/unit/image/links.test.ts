import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  commitLink,
  compareLink,
  type HostKind,
  type Hosts,
  PUBLIC_HOSTS,
} from '../../../lib/image/links.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';

const NEW = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const OLD = 'f00dfacef00dfacef00dfacef00dfacef00dface';
/** Of each kind an address that it has pages for. */
const ADDRESSES: Readonly<Record<HostKind, string>> = {
  github: 'o/r',
  gitlab: 'g/sub/r',
  bitbucket: 'w/r',
  'bitbucket-server': 'scm/P/r',
  codecommit: 'v1/repos/r',
  'azure-devops': 'o/p/_git/r',
  gitea: 'o/r',
};

const HOSTS: Hosts = {
  ...PUBLIC_HOSTS,
  'github.example.com': 'github',
  'gitlab.example.com:8443': 'gitlab',
  'git.example.com': 'bitbucket-server',
  'forge.example.com': 'gitea',
};

describe.each([
  [
    'GitHub',
    'git@github.com:o/r.git',
    `https://github.com/o/r/commit/${NEW}`,
    `https://github.com/o/r/compare/${OLD}...${NEW}`,
  ],
  [
    'GitHub Enterprise',
    'https://github.example.com/o/r',
    `https://github.example.com/o/r/commit/${NEW}`,
    `https://github.example.com/o/r/compare/${OLD}...${NEW}`,
  ],
  [
    'GitLab',
    'https://gitlab.com/group/sub/r.git',
    `https://gitlab.com/group/sub/r/-/commit/${NEW}`,
    `https://gitlab.com/group/sub/r/-/compare/${OLD}...${NEW}`,
  ],
  [
    'GitLab on a port of its own',
    'https://gitlab.example.com:8443/g/r',
    `https://gitlab.example.com:8443/g/r/-/commit/${NEW}`,
    `https://gitlab.example.com:8443/g/r/-/compare/${OLD}...${NEW}`,
  ],
  [
    'Bitbucket Cloud, the newer first',
    'git@bitbucket.org:w/r.git',
    `https://bitbucket.org/w/r/commits/${NEW}`,
    `https://bitbucket.org/w/r/branches/compare/${NEW}..${OLD}`,
  ],
  [
    'Bitbucket Server by ssh',
    'ssh://git@git.example.com:7999/PRJ/r.git',
    `https://git.example.com/projects/PRJ/repos/r/commits/${NEW}`,
    `https://git.example.com/projects/PRJ/repos/r/compare/commits?sourceBranch=${NEW}&targetBranch=${OLD}`,
  ],
  [
    'Bitbucket Server by https',
    'https://git.example.com/scm/prj/r.git',
    `https://git.example.com/projects/prj/repos/r/commits/${NEW}`,
    `https://git.example.com/projects/prj/repos/r/compare/commits?sourceBranch=${NEW}&targetBranch=${OLD}`,
  ],
  [
    'Bitbucket Server as in the browser',
    'https://git.example.com/projects/PRJ/repos/r',
    `https://git.example.com/projects/PRJ/repos/r/commits/${NEW}`,
    `https://git.example.com/projects/PRJ/repos/r/compare/commits?sourceBranch=${NEW}&targetBranch=${OLD}`,
  ],
  [
    'Bitbucket Server, a person’s own',
    'https://git.example.com/scm/~ada/r.git',
    `https://git.example.com/users/ada/repos/r/commits/${NEW}`,
    `https://git.example.com/users/ada/repos/r/compare/commits?sourceBranch=${NEW}&targetBranch=${OLD}`,
  ],
  [
    'CodeCommit',
    'codecommit::eu-west-1://demo',
    `https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/demo/commit/${NEW}?region=eu-west-1`,
    `https://eu-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/demo/compare/${NEW}/.../${OLD}?region=eu-west-1`,
  ],
  [
    'CodeCommit by https',
    'https://git-codecommit.us-gov-west-1.amazonaws.com/v1/repos/demo',
    `https://us-gov-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/demo/commit/${NEW}?region=us-gov-west-1`,
    `https://us-gov-west-1.console.aws.amazon.com/codesuite/codecommit/repositories/demo/compare/${NEW}/.../${OLD}?region=us-gov-west-1`,
  ],
  [
    'Azure DevOps',
    'https://dev.azure.com/o/p/_git/r',
    `https://dev.azure.com/o/p/_git/r/commit/${NEW}`,
    `https://dev.azure.com/o/p/_git/r/branchCompare?baseVersion=GC${OLD}&targetVersion=GC${NEW}`,
  ],
  [
    'Azure DevOps, named as its project',
    'https://dev.azure.com/o/_git/r',
    `https://dev.azure.com/o/_git/r/commit/${NEW}`,
    `https://dev.azure.com/o/_git/r/branchCompare?baseVersion=GC${OLD}&targetVersion=GC${NEW}`,
  ],
  [
    'Codeberg',
    'https://codeberg.org/o/r',
    `https://codeberg.org/o/r/commit/${NEW}`,
    `https://codeberg.org/o/r/compare/${OLD}...${NEW}`,
  ],
  [
    'Gitea',
    'https://forge.example.com/o/r.git',
    `https://forge.example.com/o/r/commit/${NEW}`,
    `https://forge.example.com/o/r/compare/${OLD}...${NEW}`,
  ],
])('%s: %s', (_, repoUrl, commit, compare) => {
  test('the commit', () => {
    expect(commitLink(untrusted(repoUrl), NEW, HOSTS)).toBe(commit);
  });

  test('what is new', () => {
    expect(compareLink(untrusted(repoUrl), OLD, NEW, HOSTS)).toBe(compare);
  });
});

test.each(Object.entries(ADDRESSES) as [HostKind, string][])(
  '%s on a host of one’s own, where it can be there',
  (kind, path) => {
    const link = commitLink(untrusted(`https://code.example.com/${path}`), NEW, { 'code.example.com': kind });
    // CodeCommit has no host of one's own: its pages are AWS's.
    if (kind === 'codecommit') expect(link).toBeUndefined();
    else expect(link).toMatch(new RegExp(`^https://code\\.example\\.com/.*${NEW}$`));
  },
);

test.each([
  ['a host that nobody allowed', 'https://evil.example/o/r'],
  ['a host that looks like one', 'https://github.com.evil.example/o/r'],
  ['a host that ends like one', 'https://evilgithub.com/o/r'],
  ['an allowed host on another port', 'https://github.com:8443/o/r'],
  ['an allowed host as the user', 'https://github.com@evil.example/o/r'],
  ['an allowed host in the path', 'https://evil.example/github.com/o/r'],
  ['letters of another alphabet', 'https://gіthub.com/o/r'],
  ['a script', 'javascript:alert(1)//github.com/o/r'],
  ['a script with line breaks', 'java\nscript://github.com/o/r'],
  ['markup', 'https://github.com/o/r|<!channel>'],
  ['a name of the prototype', 'https://constructor/o/r'],
  ['an owner alone', 'https://github.com/o'],
  ['a page below the repository', 'https://github.com/o/r/tree/main'],
  ['a path that climbs', 'https://github.com/../o/r'],
  ['a group alone', 'https://gitlab.com/g'],
  ['a page of GitLab', 'https://gitlab.com/g/r/-/tree/main'],
  ['a page of Azure DevOps', 'https://dev.azure.com/o/p/_build/r'],
  ['a repository of Azure DevOps and more', 'https://dev.azure.com/o/p/_git/r/x'],
  ['CodeCommit without a repository', 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos'],
  ['a region that is none', 'codecommit::evil.example/://demo'],
  ['a region with a host in it', 'https://git-codecommit.x.evil.example.amazonaws.com/v1/repos/d'],
  ['a page of Bitbucket Server', 'https://git.example.com/projects/P/repos/r/browse'],
  ['nothing', ''],
])('no link to %s: %s', (_, repoUrl) => {
  expect(commitLink(untrusted(repoUrl), NEW, HOSTS)).toBeUndefined();
  expect(compareLink(untrusted(repoUrl), OLD, NEW, HOSTS)).toBeUndefined();
});

test.each(['', 'main', 'abc12', `${NEW}0`, '../../x', `${NEW}?x`, NEW.toUpperCase(), `${NEW}\n`])(
  'no link to %j, which is no commit',
  (commit) => {
    const repo = untrusted('https://github.com/o/r');
    expect(commitLink(repo, commit)).toBeUndefined();
    expect(compareLink(repo, commit, NEW)).toBeUndefined();
    expect(compareLink(repo, OLD, commit)).toBeUndefined();
  },
);

test('a link is the only thing that comes of an address: https, to an allowed host, nothing to escape', () => {
  const allowed = new Set([...Object.keys(HOSTS), 'eu-west-1.console.aws.amazon.com']);
  const part = fc.constantFrom(
    'https://',
    'git@',
    'github.com',
    'git.example.com',
    'gitlab.example.com:8443',
    '/o/r',
    '/scm',
    '@',
    ':',
    '.git',
    '#',
    '?',
    '<',
    '|',
    '\n',
    '..',
    'javascript:',
    'codecommit::eu-west-1://',
    '/_git/r',
    'dev.azure.com',
  );
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 8 }).map((it) => it.join('')),
      (text) => {
        const link = commitLink(untrusted(text), NEW, HOSTS);
        if (!link) return;
        expect(allowed).toContain(new URL(link).host);
        expect(link).toMatch(/^https:\/\/[A-Za-z0-9.:/_~?=%-]+$/);
      },
    ),
    { numRuns: 5000 },
  );
});
