import { describe, expect, test } from 'vitest';
import {
  basesOf,
  type Evidence,
  evidenceIn,
  MAX_EVIDENCE,
  mergeEvidence,
} from '../../../lib/image/evidence.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { anIndexOf, aPlainImageOf } from '../../build/documents.ts';
import { anEvidence, aTagEvidence } from '../../build/evidence.ts';
import { aDigest, at } from '../../build/lineage.ts';
import { buildkitV1 } from '../../build/provenance.ts';

const COMMIT = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const OTHER = 'f00dfacef00dfacef00dfacef00dfacef00dface';
const REVISION = 'org.opencontainers.image.revision';
const SOURCE = 'org.opencontainers.image.source';
const URL = 'https://github.com/example/demo-api';

describe('annotations', () => {
  const revision = (commit: string) => ({ [REVISION]: commit, [SOURCE]: URL });

  test('of the index, in the index, of the manifest: in this order', () => {
    const documents = anIndexOf({
      annotations: revision(COMMIT),
      platforms: [{ descriptorAnnotations: revision(COMMIT), annotations: revision(COMMIT) }],
    });
    expect(evidenceIn(documents).map(({ source }) => source.from)).toEqual([
      'index-annotation',
      'descriptor-annotation',
      'manifest-annotation',
    ]);
    expect(evidenceIn(documents)[0]).toEqual({
      commit: COMMIT,
      tier: 'annotation',
      source: { from: 'index-annotation', document: documents.manifest.digest, field: REVISION },
      repoUrl: untrusted(URL),
    });
  });

  test('of a plain image', () => {
    expect(evidenceIn(aPlainImageOf({ annotations: revision(COMMIT) }))).toMatchObject([
      { commit: COMMIT, source: { from: 'manifest-annotation' } },
    ]);
  });

  test('a source with the commit and a directory behind it', () => {
    const annotations = { [REVISION]: COMMIT, [SOURCE]: `${URL}.git#${COMMIT}:24/cli` };
    const [evidence] = evidenceIn(aPlainImageOf({ annotations }));
    expect(evidence).toMatchObject({ repoUrl: URL, directory: '24/cli' });
    expect(evidence).not.toHaveProperty('ref');
  });

  test('built with changes', () => {
    expect(evidenceIn(aPlainImageOf({ annotations: { [REVISION]: `${COMMIT}-dirty` } }))).toMatchObject([
      { commit: COMMIT, isDirty: true },
    ]);
  });

  test.each(['', 'main', 'v1.2.3', 'abc12', COMMIT.toUpperCase(), `${COMMIT}\n`, 'javascript:alert(1)'])(
    '%j names no commit',
    (text) => {
      expect(evidenceIn(aPlainImageOf({ annotations: { [REVISION]: text } }))).toEqual([]);
    },
  );
});

describe('labels and environment', () => {
  const of = (labels: Record<string, string>, env: string[] = []) =>
    evidenceIn(aPlainImageOf({ labels, env }));

  test.each<[string, Record<string, string>, string]>([
    ['OCI', { [REVISION]: COMMIT, [SOURCE]: URL }, REVISION],
    [
      'label-schema',
      { 'org.label-schema.vcs-ref': COMMIT, 'org.label-schema.vcs-url': URL },
      'org.label-schema.vcs-ref',
    ],
    ['Datadog', { 'git.commit.sha': COMMIT, 'git.repository_url': URL }, 'git.commit.sha'],
    ['Red Hat', { 'vcs-ref': COMMIT, 'vcs-url': URL }, 'vcs-ref'],
    ['CircleCI', { CIRCLE_SHA1: COMMIT, CIRCLE_REPOSITORY_URL: URL }, '*.CIRCLE_SHA1'],
    [
      'CircleCI with a prefix',
      { 'com.example.CIRCLE_SHA1': COMMIT, 'com.example.CIRCLE_REPOSITORY_URL': URL },
      '*.CIRCLE_SHA1',
    ],
  ])('%s', (_, labels, field) => {
    expect(of(labels)).toMatchObject([
      { commit: COMMIT, tier: 'label', repoUrl: URL, source: { from: 'label', field } },
    ]);
  });

  test.each<[string, string[], string]>([
    ['Datadog', [`DD_GIT_COMMIT_SHA=${COMMIT}`], 'DD_GIT_COMMIT_SHA'],
    ['Datadog’s tags', [`DD_TAGS=env:prod,git.commit.sha:${COMMIT}`], 'DD_TAGS git.commit.sha'],
    ['Datadog’s tags with spaces', [`DD_TAGS=git.commit.sha:${COMMIT} env:prod`], 'DD_TAGS git.commit.sha'],
    ['Sentry', [`SENTRY_RELEASE=${COMMIT}`], 'SENTRY_RELEASE'],
    ['Sentry with its project', [`SENTRY_RELEASE=demo-api@${COMMIT}`], 'SENTRY_RELEASE'],
    ['Jenkins', [`GIT_COMMIT=${COMMIT}`], 'GIT_COMMIT'],
    ['GIT_SHA', [`GIT_SHA=${COMMIT}`], 'GIT_SHA'],
    ['COMMIT_SHA', [`COMMIT_SHA=${COMMIT}`], 'COMMIT_SHA'],
    ['Docker Hub', [`SOURCE_COMMIT=${COMMIT}`], 'SOURCE_COMMIT'],
    ['BUILD_SHA', [`BUILD_SHA=${COMMIT}`], 'BUILD_SHA'],
  ])('%s: %j', (_, env, field) => {
    expect(of({}, env)).toMatchObject([
      { commit: COMMIT, tier: 'label', source: { from: 'environment', field } },
    ]);
  });

  test('nothing else of the environment is read, and nothing of it kept', () => {
    const env = [
      'PATH=/bin',
      `NPM_TOKEN=${COMMIT}`,
      `AWS_SECRET_ACCESS_KEY=${OTHER}`,
      'GIT_COMMIT=main',
      'GIT_SHA',
    ];
    expect(of({}, env)).toEqual([]);
  });

  test('with the repository that Datadog’s keys name, without credentials', () => {
    const env = [
      `DD_GIT_COMMIT_SHA=${COMMIT}`,
      'DD_GIT_REPOSITORY_URL=https://u:p@github.com/example/demo-api.git',
    ];
    expect(of({}, env)).toMatchObject([{ repoUrl: URL }]);
  });

  test('a short one of digits only is not believed', () => {
    expect(of({ 'vcs-ref': '1234567' })).toMatchObject([{ doubt: 'looks-like-a-number' }]);
    expect(of({}, ['BUILD_SHA=20261120'])).toMatchObject([{ doubt: 'looks-like-a-number' }]);
  });
});

describe('a label of the base image', () => {
  const base = `sha256:${'8'.repeat(64)}`;
  const labels = { [REVISION]: OTHER, [SOURCE]: 'https://github.com/base/image' };
  const built = [buildkitV1({ vcs: { source: URL, revision: COMMIT } })];

  test('whose source is not what was built is not believed', () => {
    expect(evidenceIn(anIndexOf({ platforms: [{ labels, provenance: built }] }))).toMatchObject([
      { commit: COMMIT, tier: 'client-hint' },
      { commit: OTHER, tier: 'label', doubt: 'another-repository' },
    ]);
  });

  test('whose source is not the repository that is known is not believed', () => {
    const documents = aPlainImageOf({ labels });
    expect(evidenceIn(documents)[0]?.doubt).toBeUndefined();
    expect(evidenceIn(documents, { repoUrl: untrusted(URL) })[0]?.doubt).toBe('another-repository');
  });

  test('that the base image is known by is not believed', () => {
    const documents = aPlainImageOf({
      labels,
      annotations: { 'org.opencontainers.image.base.digest': base },
    });
    const bases = basesOf(documents);
    expect(bases).toEqual([base]);
    const baseCommits = new Map(bases.map((it) => [it, [OTHER.slice(0, 7)]]));
    expect(evidenceIn(documents, { baseCommits })).toMatchObject([{ commit: OTHER, doubt: 'inherited' }]);
  });

  test('without a source is believed, and its repository is unknown', () => {
    const [evidence] = evidenceIn(aPlainImageOf({ labels: { [REVISION]: COMMIT } }));
    expect(evidence).not.toHaveProperty('doubt');
    expect(evidence).not.toHaveProperty('repoUrl');
  });

  test('bases come from provenance, annotations and labels', () => {
    const key = 'org.opencontainers.image.base.digest';
    const platforms = [{ provenance: built, labels: { [key]: base }, annotations: { [key]: aDigest('7') } }];
    expect(basesOf(anIndexOf({ platforms }))).toEqual([
      'sha256:8914eb54f968791faf6a8638949e480fef81e697984fba772b3976835194c6d4',
      aDigest('7'),
      base,
    ]);
    expect(basesOf(aPlainImageOf({ annotations: { [key]: 'sha256:no' } }))).toEqual([]);
  });
});

describe('merging', () => {
  const declared = anEvidence({ tier: 'declared', source: { from: 'declaration', at: at('03:10') } });
  const all: readonly Evidence[] = [
    anEvidence(),
    anEvidence({ commit: OTHER }),
    anEvidence({ doubt: 'another-repository' }),
    anEvidence({ tier: 'label', source: { from: 'label', document: aDigest('1'), field: 'vcs-ref' } }),
    declared,
    aTagEvidence('abc1234', { tier: 'tag-short' }),
  ];

  test('is the same in any order, and again', () => {
    const one = all.reduce<readonly Evidence[]>((known, it) => mergeEvidence(known, [it]), []);
    const other = all.reduceRight<readonly Evidence[]>((known, it) => mergeEvidence([it], known), []);
    expect(one).toEqual(other);
    expect(mergeEvidence(one, all)).toEqual(one);
    expect(mergeEvidence(all, [])).toEqual(one);
  });

  test('the strongest first; a doubt that was found later stays', () => {
    expect(mergeEvidence(all, []).map(({ tier, doubt }) => doubt ?? tier)).toEqual([
      'builder',
      'label',
      'declared',
      'tag-short',
      'another-repository',
    ]);
  });

  test('keeps at most ten, and of them what was declared', () => {
    const many = Array.from({ length: 50 }, (_, n) => anEvidence({ commit: `${n + 10}`.padEnd(40, 'a') }));
    const merged = mergeEvidence(many, [declared]);
    expect(merged.length).toBeLessThanOrEqual(MAX_EVIDENCE);
    expect(merged).toContainEqual(declared);
  });
});
