import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../lib/image/evidence.ts';
import { PUBLIC_HOSTS } from '../../../lib/image/links.ts';
import { provenanceOf } from '../../../lib/image/provenance.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { linksOf } from '../../../lib/lookup/source-links.ts';
import { sourceOf } from '../../../lib/lookup/sourced.ts';
import { aDigest, aRecord } from '../../build/lineage.ts';

const [OLD, NEW] = ['a', 'b'].map((it) => it.repeat(40)) as [string, string];
const REPO = 'https://github.com/example/demo-api';

function built(commit: string, repoUrl = REPO, buildUrl?: string): Evidence {
  return {
    ...{ commit, tier: 'builder', source: { from: 'provenance', document: aDigest('9'), field: 'f' } },
    repoUrl: untrusted(repoUrl),
    ...(buildUrl && { buildUrl: untrusted(buildUrl) }),
  };
}

const source = (...evidence: readonly Evidence[]) => sourceOf(aRecord({ tags: [], evidence }));
const links = (...of: Parameters<typeof built>) =>
  linksOf(source(built(...of)), source(built(OLD)), PUBLIC_HOSTS);

describe('linksOf', () => {
  test('the commit and what it changed', () => {
    expect(links(NEW)).toEqual({
      commit: `${REPO}/commit/${NEW}`,
      compare: `${REPO}/compare/${OLD}...${NEW}`,
    });
  });

  test.each([
    ['the same commit', OLD, REPO],
    ['another repository', NEW, 'https://github.com/example/other'],
  ])('nothing to compare with %s', (_what, commit, repoUrl) => {
    expect(links(commit, repoUrl)).toEqual({ commit: `${repoUrl}/commit/${commit}` });
  });

  test.each([
    'https://evil.example/example/demo-api',
    'javascript:alert(1)',
    'https://github.com.evil.example/a/b',
  ])('none to %s', (repoUrl) => {
    expect(links(NEW, repoUrl)).toEqual({});
  });

  test('the build, on a host that may be linked to', () => {
    const run = 'https://github.com/example/demo-api/actions/runs/1';
    expect(links(NEW, REPO, run)).toMatchObject({ build: run });
    for (const page of [
      'https://evil.example/run',
      'javascript:alert(1)',
      `${run}?x=<b>`,
      'http://github.com/a',
    ])
      expect(links(NEW, REPO, page)).not.toHaveProperty('build');
  });

  test('nothing where no commit is known', () => {
    expect(linksOf({}, undefined, PUBLIC_HOSTS)).toEqual({});
  });
});

test('the repository is that of the best evidence, or of other evidence of the same commit', () => {
  const { repoUrl: _, ...nameless } = built(NEW);
  const label: Evidence = { ...built(NEW), tier: 'label' };
  expect(source(nameless, label).repoUrl).toBe(REPO);
  expect(source(nameless, { ...label, commit: OLD }).repoUrl).toBeUndefined();
  expect(source(nameless, { ...label, doubt: 'inherited' }).repoUrl).toBeUndefined();
  expect(sourceOf(undefined)).toEqual({});
  expect(provenanceOf([parseTag('latest')])).toBeUndefined();
});
