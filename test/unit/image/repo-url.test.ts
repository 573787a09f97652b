import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatRepoUrl, parsePageUrl, parseRepoUrl, sameRepository } from '../../../lib/image/repo-url.ts';
import { raw } from '../../../lib/image/untrusted.ts';

const GITHUB = 'https://github.com/example/demo-api';
const format = (text: string) => {
  const repo = parseRepoUrl(text);
  return repo && raw(formatRepoUrl(repo));
};

describe('the address of a repository', () => {
  test.each([
    ['https', GITHUB, GITHUB],
    ['with .git', `${GITHUB}.git`, GITHUB],
    ['with a slash behind it', `${GITHUB}/`, GITHUB],
    ['with both', `${GITHUB}.git/`, GITHUB],
    ['http', 'http://github.com/example/demo-api', GITHUB],
    ['a host in upper case', 'https://GitHub.com/example/demo-api', GITHUB],
    ['the usual port', 'https://github.com:443/example/demo-api', GITHUB],
    ['another port', 'https://git.example.com:8443/o/r', 'https://git.example.com:8443/o/r'],
    ['user and token', 'https://user:tok@github.com/example/demo-api.git', GITHUB],
    ['a token alone', 'https://ghp_0123456789@github.com/example/demo-api', GITHUB],
    ['a query', `${GITHUB}?token=secret`, GITHUB],
    ['scp', 'git@github.com:example/demo-api.git', GITHUB],
    ['scp without a user', 'github.com:example/demo-api', GITHUB],
    ['ssh', 'ssh://git@github.com/example/demo-api.git', GITHUB],
    ['ssh with a port', 'ssh://git@git.example.com:7999/PRJ/repo.git', 'https://git.example.com/PRJ/repo'],
    ['git+ssh', 'git+ssh://git@github.com/example/demo-api.git', GITHUB],
    ['git', 'git://github.com/example/demo-api.git', GITHUB],
    ['git+https with a ref', 'git+https://github.com/example/demo-api@refs/heads/main', GITHUB],
    ['git+https with a user and a ref', 'git+https://u:p@github.com/example/demo-api@v1', GITHUB],
    ['with a ref', `${GITHUB}.git#refs/heads/main`, GITHUB],
    ['no scheme', 'github.com/example/demo-api', GITHUB],
    ['sub-groups', 'git@gitlab.com:group/sub/demo-api.git', 'https://gitlab.com/group/sub/demo-api'],
    [
      'CodeCommit',
      'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/demo',
      'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/demo',
    ],
    [
      'CodeCommit by ssh',
      'ssh://APKAEXAMPLE@git-codecommit.eu-west-1.amazonaws.com/v1/repos/demo',
      'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/demo',
    ],
    [
      'CodeCommit’s helper',
      'codecommit::eu-west-1://demo',
      'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/demo',
    ],
    [
      'CodeCommit’s helper with a profile',
      'codecommit::eu-west-1://ops@demo',
      'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/demo',
    ],
    [
      'Azure DevOps',
      'https://org@dev.azure.com/org/proj/_git/repo',
      'https://dev.azure.com/org/proj/_git/repo',
    ],
    [
      'Azure DevOps by ssh',
      'git@ssh.dev.azure.com:v3/org/proj/repo',
      'https://dev.azure.com/org/proj/_git/repo',
    ],
    [
      'Azure DevOps of before',
      'https://org.visualstudio.com/proj/_git/repo',
      'https://dev.azure.com/org/proj/_git/repo',
    ],
    [
      'Azure DevOps of before, with its collection',
      'https://org.visualstudio.com/DefaultCollection/proj/_git/repo',
      'https://dev.azure.com/org/proj/_git/repo',
    ],
    [
      'a space in a project’s name',
      'https://dev.azure.com/org/my%20proj/_git/repo',
      'https://dev.azure.com/org/my%20proj/_git/repo',
    ],
  ])('%s: %s', (_, text, expected) => {
    expect(format(text)).toBe(expected);
  });

  test.each([
    [undefined],
    [''],
    ['main'],
    ['demo-api'],
    ['/srv/git/demo-api'],
    ['../demo-api'],
    ['file:///srv/git/demo-api'],
    ['javascript:alert(1)'],
    ['data:text/html,x'],
    ['ftp://github.com/o/r'],
    ['https://'],
    ['https:///o/r'],
    ['https://github.com'],
    ['https://github.com/'],
    ['https://localhost/o/r'],
    ['https://127.0.0.1:22x/o/r'],
    ['https://github.com/../r'],
    ['https://github.com/o/./r'],
    ['https://github.com/o/<script>'],
    ['https://github.com/o/r\u202e'],
    ['https://github.com/o/r%0a%0d'],
    ['https://gïthub.com/o/r'],
    ['https://github.com\\@evil.example/o/r'],
    ['https://user:pa/ss@github.com/o/r'],
    ['https://github.com/user:pass@evil/r'],
    ['git@github.com:user:pass@evil/r'],
    ['https://github.com/o r/r'],
    ['pkg:docker/alpine@3.20'],
    [`https://github.com/o/${'r'.repeat(500)}`],
  ])('%j is none', (text) => {
    expect(parseRepoUrl(text)).toBeUndefined();
  });

  test.each([
    ['git+https://github.com/o/r@refs/heads/main', 'refs/heads/main', undefined],
    ['https://github.com/o/r.git#refs/heads/main', 'refs/heads/main', undefined],
    ['https://github.com/o/r.git#main:services/api', 'main', 'services/api'],
    ['https://github.com/o/r.git#:services/api', undefined, 'services/api'],
    ['https://github.com/o/r.git#', undefined, undefined],
    ['https://github.com/o/r.git#user:pass@evil', 'user', undefined],
    ['https://github.com/o/r.git#<b>', undefined, undefined],
    [`https://github.com/o/r.git#${'x'.repeat(201)}`, undefined, undefined],
  ])('%s was built at %s in %s', (text, ref, directory) => {
    expect(parseRepoUrl(text)?.ref).toBe(ref);
    expect(parseRepoUrl(text)?.directory).toBe(directory);
  });

  test('is the same in any form and case', () => {
    const one = parseRepoUrl('git@github.com:Example/Demo-API.git');
    const other = parseRepoUrl(GITHUB);
    const another = parseRepoUrl('https://github.com/example/demo-api2');
    expect(one && other && sameRepository(one, other)).toBe(true);
    expect(other && another && sameRepository(other, another)).toBe(false);
  });
});

test.each([
  ['https://github.com/o/r/actions/runs/42/attempts/1', 'https://github.com/o/r/actions/runs/42/attempts/1'],
  ['https://u:p@ci.example.com:8443/job/7/?token=x#y', 'https://ci.example.com:8443/job/7'],
  ['http://ci.example.com/job/7', undefined],
  ['javascript:alert(1)', undefined],
  ['yirbp1aosi1vqjmi3z6bc75nb', undefined],
  ['https://ci.example.com/a b', undefined],
  ['', undefined],
  [undefined, undefined],
])('the page %s is kept as %s', (text, expected) => {
  const url = parsePageUrl(text);
  expect(url && raw(url)).toBe(expected);
});

test('whatever the text: a plain https address or none, without anything that could be a credential', () => {
  const part = fc.constantFrom(
    'https://',
    'git@',
    'user:pass@',
    'github.com',
    '/o/r',
    '.git',
    '#ref:dir',
    '?q=1',
    ':',
    '@',
    '\u202e',
    '..',
    'codecommit::',
    'ssh://',
    'git+',
  );
  const text = fc.oneof(
    fc.string(),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.array(part).map((it) => it.join('')),
  );
  fc.assert(
    fc.property(text, (it) => {
      const repo = parseRepoUrl(it);
      const page = parsePageUrl(it);
      for (const url of [repo && raw(formatRepoUrl(repo)), page && raw(page)])
        if (url) expect(url).toMatch(/^https:\/\/[a-z0-9.-]+(:\d+)?(\/(?:[A-Za-z0-9._~-]|%20)+)+$/);
      expect(`${repo?.ref}${repo?.directory}`).not.toMatch(/[@:<>\s]/);
    }),
    { numRuns: 5000 },
  );
});
