import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readCheckout } from '../../../lib/checkout/read.ts';
import { openClone } from '../../doubles/clone.ts';

const { folder, clone, environment, git, commit } = openClone();
const read = (at = clone) => readCheckout({ folder: at, environment });

test('a repository without a commit', async () => {
  await expect(read()).rejects.toThrow('there is no commit here yet');
});

test.each([folder, join(folder, 'nowhere')])('no clone at %s', async (at) => {
  await expect(read(at)).rejects.toThrow('there is no clone here: say where with --clone');
});

describe('a clone', () => {
  let head: string;
  beforeEach(() => {
    head = commit();
  });

  test('of a clean commit', async () => {
    expect(await read()).toEqual({
      commit: head,
      short: head.slice(0, 7),
      isShallow: false,
      tags: [],
      changedCount: 0,
      untrackedCount: 0,
    });
  });

  test('with tags on this commit and on others: the newest version first', async () => {
    for (const tag of ['v1.9.0', 'v1.10.0', 'v1.10.0-rc.1']) git('-C', clone, 'tag', tag);
    commit();
    expect((await read()).tags).toEqual([]);
    git('-C', clone, 'tag', '-m', 'annotated', 'v2.0.0');
    git('-C', clone, 'tag', 'a;b$(id)');
    expect((await read()).tags).toEqual(['v2.0.0', 'a;b$(id)']);
    git('-C', clone, 'checkout', '-q', 'v1.9.0');
    expect((await read()).tags).toEqual(['v1.10.0', 'v1.10.0-rc.1', 'v1.9.0']);
    git('-C', clone, 'checkout', '-q', 'main');
  });

  test('with changes, staged and not, and files that git does not know: counted, not named', async () => {
    const file = join(clone, 'kept.txt');
    writeFileSync(file, '1');
    git('-C', clone, 'add', '.');
    commit();
    expect(await read()).toMatchObject({ changedCount: 0, untrackedCount: 0 });
    appendFileSync(file, '2');
    writeFileSync(join(clone, 'evil\n?? x.txt'), '');
    mkdirSync(join(clone, 'new'));
    writeFileSync(join(clone, 'new', 'one.txt'), '');
    writeFileSync(join(clone, '.gitignore'), 'built\n');
    writeFileSync(join(clone, 'built'), '');
    const found = await read();
    expect(found).toMatchObject({ changedCount: 1, untrackedCount: 3 });
    expect(JSON.stringify(found)).not.toContain('evil');
    git('-C', clone, 'add', '-A');
    commit();
  });

  test('that is shallow', async () => {
    const shallow = join(folder, `shallow-${head}`);
    git('clone', '-q', '--depth', '1', '--no-tags', `file://${clone}`, shallow);
    expect(await read(shallow)).toMatchObject({ commit: head, isShallow: true });
  });

  test.each([
    ['https://me:secret@github.com/example/demo-api.git', { host: 'github.com', path: 'example/demo-api' }],
    ['git@github.com:example/demo-api.git', { host: 'github.com', path: 'example/demo-api' }],
    ['https://github.com/$(id)/x', undefined],
    ['/srv/git/demo-api.git', undefined],
  ])('with the remote %s', async (remote, source) => {
    git('-C', clone, 'remote', 'add', 'origin', remote);
    const found = await read();
    expect(found.source).toEqual(source);
    expect(JSON.stringify(found)).not.toContain('secret');
    git('-C', clone, 'remote', 'remove', 'origin');
  });

  test('whose configuration names a program to run for the status', async () => {
    const ran = join(folder, 'ran');
    git('-C', clone, 'config', 'core.fsmonitor', `touch ${ran};`);
    await read();
    git('-C', clone, 'config', '--unset', 'core.fsmonitor');
    expect(existsSync(ran)).toBe(false);
  });
});
