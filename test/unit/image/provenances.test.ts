import { describe, expect, test } from 'vitest';
import { type Evidence, evidenceIn } from '../../../lib/image/evidence.ts';
import { raw, untrusted } from '../../../lib/image/untrusted.ts';
import { type Attached, anIndexOf, aPlainImageOf } from '../../build/documents.ts';
import { aDigest } from '../../build/lineage.ts';
import { type Build, buildkitV1, buildkitV02, githubAttestation } from '../../build/provenance.ts';

const COMMIT = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const OTHER = 'f00dfacef00dfacef00dfacef00dfacef00dface';
const SHA256 = '0a1b2c3d'.repeat(8);
const PKG = 'pkg:docker/alpine@1';
const URI = 'https://github.com/example/demo-api.git#refs/heads/main';

/** Commit, tier and field of what one platform's provenance says. */
function said(provenance: Attached, form: 'artifact' | 'annotation' = 'artifact') {
  const found = evidenceIn(anIndexOf({ platforms: [{ provenance: [provenance] }], form }));
  return found.map((it) => [it.commit, it.tier, fieldOf(it)]);
}

function fieldOf({ source }: Evidence): string {
  return 'field' in source ? source.field : source.from;
}

describe.each([
  ['SLSA v1', buildkitV1],
  ['SLSA v0.2', buildkitV02],
])('BuildKit’s provenance as %s', (_, buildkit) => {
  describe.each(['artifact', 'annotation'] as const)('attached as %s', (form) => {
    test.each<[string, Build, unknown[][]]>([
      [
        'a git context',
        { contextUri: URI, contextDigest: { sha1: COMMIT } },
        [[COMMIT, 'builder', 'configSource.digest']],
      ],
      [
        'a git context of a SHA-256 repository',
        { contextUri: URI, contextDigest: { sha256: SHA256 } },
        [[SHA256, 'builder', 'configSource.digest']],
      ],
      [
        'a git context whose commit stands with the materials',
        { contextUri: URI, materials: [{ uri: URI, digest: { sha1: COMMIT } }] },
        [[COMMIT, 'builder', 'material of configSource']],
      ],
      [
        'a directory with git beside it',
        { vcs: { source: 'git@github.com:example/demo-api.git', revision: COMMIT } },
        [[COMMIT, 'client-hint', 'vcs.revision']],
      ],
      [
        'both, and they agree',
        { contextUri: URI, contextDigest: { sha1: COMMIT }, vcs: { revision: COMMIT } },
        [
          [COMMIT, 'builder', 'configSource.digest'],
          [COMMIT, 'client-hint', 'vcs.revision'],
        ],
      ],
      [
        'GitHub’s environment',
        {
          github: { github_workflow_sha: COMMIT, github_event_payload: { after: OTHER }, github_ref: 'main' },
        },
        [
          [COMMIT, 'client-hint', 'github_workflow_sha'],
          [OTHER, 'client-hint', 'github_event_payload.after'],
        ],
      ],
    ])('%s', (_case, build, expected) => {
      expect(said(buildkit(build), form)).toEqual(expected);
    });
  });

  test('of two hints the directory’s comes first', () => {
    const build = { vcs: { revision: OTHER }, github: { github_workflow_sha: COMMIT } };
    expect(said(buildkit(build))).toEqual([
      [OTHER, 'client-hint', 'vcs.revision'],
      [COMMIT, 'client-hint', 'github_workflow_sha'],
    ]);
  });

  test.each<[string, Build]>([
    ['nothing about its source', {}],
    [
      'only the images that it was built on',
      { materials: [{ uri: 'pkg:docker/a@1', digest: { sha1: COMMIT } }] },
    ],
    ['an image as its context', { contextUri: 'pkg:docker/a@1', contextDigest: { sha256: SHA256 } }],
    ['an image of a hash like git’s as its context', { contextUri: PKG, contextDigest: { sha1: COMMIT } }],
    [
      'a tarball as its context',
      { contextUri: 'https://example.com/a.tar.gz', contextDigest: { sha256: SHA256 } },
    ],
    ['a short commit', { contextUri: URI, contextDigest: { sha1: 'abc1234' } }],
    [
      'another material than the context',
      { contextUri: URI, materials: [{ uri: `${URI}2`, digest: { sha1: COMMIT } }] },
    ],
    ['no commit, as GitHub writes it', { github: { github_event_payload: { after: '0'.repeat(40) } } }],
    ['a revision that is a branch', { vcs: { revision: 'main' } }],
  ])('names no commit with %s', (_case, build) => {
    expect(said(buildkit(build))).toEqual([]);
  });

  test('a directory with changes: the commit without its mark, and the mark', () => {
    const provenance = [buildkit({ vcs: { revision: `${COMMIT}-dirty` } })];
    expect(evidenceIn(anIndexOf({ platforms: [{ provenance }] }))).toMatchObject([
      { commit: COMMIT, isDirty: true, tier: 'client-hint' },
    ]);
  });

  test('a directory with changes of a SHA-256 repository', () => {
    const provenance = [buildkit({ vcs: { revision: `${SHA256}-dirty` } })];
    expect(evidenceIn(anIndexOf({ platforms: [{ provenance }] }))).toMatchObject([
      { commit: SHA256, isDirty: true },
    ]);
  });

  test('what is kept: repository without credentials, branch, directory, build; and nothing else', () => {
    const contextUri = 'https://user:token@github.com/example/demo-api.git#refs/heads/main:services/api';
    const builderId = 'https://github.com/example/demo-api/actions/runs/42/attempts/1?token=1';
    const provenance = [buildkit({ contextUri, contextDigest: { sha1: COMMIT }, builderId })];
    const documents = anIndexOf({ platforms: [{ provenance }] });
    expect(evidenceIn(documents)).toEqual([
      {
        commit: COMMIT,
        tier: 'builder',
        source: {
          from: 'provenance',
          document: [...documents.blobs.keys()][1],
          field: 'configSource.digest',
        },
        repoUrl: untrusted('https://github.com/example/demo-api'),
        ref: untrusted('refs/heads/main'),
        directory: untrusted('services/api'),
        buildUrl: untrusted('https://github.com/example/demo-api/actions/runs/42/attempts/1'),
      },
    ]);
    expect(JSON.stringify(evidenceIn(documents))).not.toMatch(/token|secret|user/);
  });

  test('the page of the workflow, from GitHub’s environment', () => {
    const github = {
      ...{ github_server_url: 'https://github.com', github_repository: 'example/demo-api' },
      ...{ github_run_id: '42', github_run_attempt: '3', github_workflow_sha: COMMIT },
    };
    const [evidence] = evidenceIn(anIndexOf({ platforms: [{ provenance: [buildkit({ github })] }] }));
    const url = 'https://github.com/example/demo-api';
    expect(evidence?.buildUrl && raw(evidence.buildUrl)).toBe(`${url}/actions/runs/42/attempts/3`);
    expect(evidence?.repoUrl && raw(evidence.repoUrl)).toBe(url);
  });

  test('another builder’s word is not BuildKit’s', () => {
    const build = { buildType: 'https://example.com/b@v1', contextUri: URI, contextDigest: { sha1: COMMIT } };
    expect(said(buildkit(build))).toEqual([[COMMIT, 'client-hint', 'gitCommit']]);
  });

  test('a statement about another image is not believed', () => {
    const build = buildkit({ contextUri: URI, contextDigest: { sha1: COMMIT } });
    const platforms = [{ provenance: [{ ...build, subject: aDigest('d') }] }];
    expect(evidenceIn(anIndexOf({ platforms }))).toMatchObject([
      { commit: COMMIT, doubt: 'another-subject' },
    ]);
  });

  test('a plain image with an attestation as its referrer', () => {
    const provenance = [buildkit({ contextUri: URI, contextDigest: { sha1: COMMIT } })];
    expect(evidenceIn(aPlainImageOf({ provenance }))).toMatchObject([{ commit: COMMIT, tier: 'builder' }]);
  });
});

describe('two platforms', () => {
  const of = (platform: string, commit: string) => ({
    platform,
    provenance: [buildkitV1({ contextUri: URI, contextDigest: { sha1: commit } })],
  });

  test('that agree are one evidence', () => {
    const found = evidenceIn(
      anIndexOf({ platforms: [of('linux/arm64', COMMIT), of('linux/amd64', COMMIT)] }),
    );
    expect(found).toHaveLength(1);
  });

  test('that disagree are two', () => {
    const found = evidenceIn(anIndexOf({ platforms: [of('linux/arm64', OTHER), of('linux/amd64', COMMIT)] }));
    expect(found.map(({ commit }) => commit).sort()).toEqual([COMMIT, OTHER]);
  });
});

describe('GitHub’s attestation in a Sigstore bundle', () => {
  test('is signed and not verified by us', () => {
    const bundles = [githubAttestation(COMMIT)];
    expect(evidenceIn(anIndexOf({ platforms: [{}], bundles }))).toMatchObject([
      {
        commit: COMMIT,
        tier: 'signed-unverified',
        source: { from: 'bundle', field: 'gitCommit' },
        repoUrl: 'https://github.com/example/demo-api',
        ref: 'refs/heads/main',
        buildUrl: 'https://github.com/example/demo-api/actions/runs/42/attempts/1',
      },
    ]);
    expect(evidenceIn(aPlainImageOf({}, bundles))).toMatchObject([{ tier: 'signed-unverified' }]);
  });

  test('of a workflow in another repository than the one that was built is not believed', () => {
    const bundles = [githubAttestation(OTHER, 'example/workflows')];
    const provenance = [buildkitV1({ vcs: { source: URI, revision: COMMIT } })];
    expect(evidenceIn(anIndexOf({ platforms: [{ provenance }], bundles }))).toMatchObject([
      { commit: COMMIT, tier: 'client-hint' },
      { commit: OTHER, tier: 'signed-unverified', doubt: 'another-repository' },
    ]);
  });

  test('nor of another repository than the one that is known', () => {
    const documents = anIndexOf({
      platforms: [{}],
      bundles: [githubAttestation(OTHER, 'example/workflows')],
    });
    const [evidence] = evidenceIn(documents, { repoUrl: untrusted('git@github.com:Example/demo-api.git') });
    expect(evidence?.doubt).toBe('another-repository');
    const known = { repoUrl: untrusted('https://github.com/example/Workflows') };
    expect(evidenceIn(documents, known)[0]?.doubt).toBeUndefined();
  });

  test('BuildKit’s provenance in an envelope is no better than the envelope', () => {
    const bundles = [
      buildkitV1({ contextUri: URI, contextDigest: { sha1: COMMIT }, vcs: { revision: COMMIT } }),
    ];
    expect(evidenceIn(anIndexOf({ platforms: [{}], bundles })).map(({ tier }) => tier)).toEqual([
      'signed-unverified',
      'client-hint',
    ]);
  });

  test('about another image is not believed', () => {
    const bundles = [{ ...githubAttestation(COMMIT), subject: aDigest('d') }];
    expect(evidenceIn(anIndexOf({ platforms: [{}], bundles }))).toMatchObject([{ doubt: 'another-subject' }]);
  });
});
