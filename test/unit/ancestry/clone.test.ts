import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAncestorInClone } from '../../../lib/ancestry/clone.ts';
import { openClone } from '../../doubles/clone.ts';

const { folder, clone, environment, git, commit } = openClone();
const first = commit();
const second = commit();
git('-C', clone, 'checkout', '-q', '-b', 'side', first);
const side = commit('--date', '2026-11-20T00:00:00Z');
git('clone', '-q', '--depth', '1', `file://${clone}`, join(folder, 'shallow'));
git('-C', join(folder, 'shallow'), 'fetch', '-q', '--depth', '1', 'origin', 'main:main');

const ask = (ancestor: string, descendant: string, at = clone) =>
  isAncestorInClone(ancestor, descendant, { folder: at, environment });

test.each([
  ['an ancestor', first, second, { says: 'yes' }],
  ['itself', second, second, { says: 'yes' }],
  ['its first twelve characters', first.slice(0, 12), second.slice(0, 12), { says: 'yes' }],
  ['a descendant', second, first, { says: 'no' }],
  ['a sibling', side, second, { says: 'no' }],
])('%s', async (_what, ancestor, descendant, expected) => {
  expect(await ask(ancestor, descendant)).toEqual(expected);
});

test('a commit that the clone does not have', async () => {
  const missing = '0123456789abcdef0123456789abcdef01234567';
  expect(await ask(missing, second)).toEqual({
    says: 'unknown',
    why: 'the clone here does not have 0123456789ab: fetch it, or it is another repository',
  });
});

test('a shallow clone does not say no', async () => {
  expect(await ask(side, second, join(folder, 'shallow'))).toEqual({
    says: 'unknown',
    why: 'the clone here is shallow: git fetch --unshallow',
  });
});

test.each([folder, join(folder, 'nowhere')])('no clone at %s', async (at) => {
  expect(await ask(first, second, at)).toMatchObject({
    says: 'unknown',
    why: expect.stringContaining('no clone here'),
  });
});

test.each(['--upload-pack=touch x', 'HEAD', 'main', '$(touch x)', 'abc', 'ABCDEF1', `${first}^`])(
  '%s never reaches git',
  async (text) => {
    expect(await ask(text, second)).toEqual({ says: 'unknown', why: 'these are no commits' });
    expect(await ask(second, text)).toEqual({ says: 'unknown', why: 'these are no commits' });
  },
);
