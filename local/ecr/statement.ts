/** What a build is said to come from. */
export interface BuildOrigin {
  /** Where BuildKit fetched the source from: it vouches for the commit. */
  readonly source?: { readonly uri: string; readonly commit: string };
  /** What the client said about its working directory; the revision may end in `-dirty`. */
  readonly vcs?: { readonly source: string; readonly revision: string };
  /** The build's address. */
  readonly builderId?: string;
}

/** The two formats in which BuildKit says it. */
export type PredicateVersion = 'v0.2' | 'v1';

const MATERIAL = { uri: 'pkg:docker/alpine@3.22', digest: { sha256: 'ab'.repeat(32) } };

/** An in-toto statement about an image, as BuildKit writes it. `isArtifact`: as of version 0.32. */
export function buildkitStatement(
  imageDigest: string,
  version: PredicateVersion,
  origin: BuildOrigin,
  isArtifact: boolean,
): string {
  return JSON.stringify({
    _type: isArtifact ? 'https://in-toto.io/Statement/v1' : 'https://in-toto.io/Statement/v0.1',
    predicateType: `https://slsa.dev/provenance/${version}`,
    subject: [{ name: 'pkg:docker/image', digest: { sha256: imageDigest.slice('sha256:'.length) } }],
    predicate: version === 'v1' ? slsa1(origin) : slsa02(origin),
  });
}

/**
 * A Sigstore bundle with GitHub's provenance of a workflow's run. Nobody here can sign: the signature is none.
 * Source: https://github.com/actions/toolkit/blob/main/packages/attest/src/provenance.ts
 */
export function githubBundle(imageDigest: string, { repository, commit }: GithubRun): string {
  const url = `https://github.com/${repository}`;
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: repository, digest: { sha256: imageDigest.slice('sha256:'.length) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://actions.github.io/buildtypes/workflow/v1',
        externalParameters: {
          workflow: { ref: 'refs/heads/main', repository: url, path: '.github/workflows/build.yml' },
        },
        resolvedDependencies: [{ uri: `git+${url}@refs/heads/main`, digest: { gitCommit: commit } }],
      },
      runDetails: {
        builder: { id: 'https://github.com/actions/runner/github-hosted' },
        metadata: { invocationId: `${url}/actions/runs/4711/attempts/1` },
      },
    },
  };
  return JSON.stringify({
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { certificate: { rawBytes: '' }, tlogEntries: [] },
    dsseEnvelope: {
      payloadType: 'application/vnd.in-toto+json',
      payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
      signatures: [{ sig: '' }],
    },
  });
}

export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** The run of a workflow on GitHub that built an image. */
export interface GithubRun {
  /** `owner/name`. */
  readonly repository: string;
  readonly commit: string;
}

/** The name of the hash that a commit is, by its length. */
function gitDigest(commit: string): Readonly<Record<string, string>> {
  return commit.length === 64 ? { sha256: commit } : { sha1: commit };
}

// https://github.com/moby/buildkit/blob/master/solver/llbsolver/provenance/types/types.go
function slsa1({ source, vcs, builderId = '' }: BuildOrigin): object {
  const digest = source && gitDigest(source.commit);
  return {
    buildDefinition: {
      buildType: 'https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md',
      externalParameters: {
        configSource: { ...(source && { uri: source.uri, digest }), path: 'Dockerfile' },
        request: { frontend: 'dockerfile.v0' },
      },
      internalParameters: { builderPlatform: 'linux/amd64' },
      resolvedDependencies: [MATERIAL, ...(source ? [{ uri: source.uri, digest }] : [])],
    },
    runDetails: {
      builder: { id: builderId },
      metadata: {
        invocationId: 'r4nd0m',
        startedOn: '2026-11-20T02:58:00Z',
        finishedOn: '2026-11-20T02:59:00Z',
        ...(vcs && { buildkit_metadata: { vcs: { ...vcs, 'localdir:context': '.' } } }),
      },
    },
  };
}

function slsa02({ source, vcs, builderId = '' }: BuildOrigin): object {
  const digest = source && gitDigest(source.commit);
  return {
    builder: { id: builderId },
    buildType: 'https://mobyproject.org/buildkit@v1',
    materials: [MATERIAL, ...(source ? [{ uri: source.uri, digest }] : [])],
    invocation: {
      configSource: { ...(source && { uri: source.uri, digest }), entryPoint: 'Dockerfile' },
      parameters: { frontend: 'dockerfile.v0' },
      environment: { platform: 'linux/amd64' },
    },
    metadata: {
      buildInvocationID: 'r4nd0m',
      buildStartedOn: '2026-11-20T02:58:00Z',
      buildFinishedOn: '2026-11-20T02:59:00Z',
      completeness: { parameters: true, environment: true, materials: false },
      ...(vcs && {
        'https://mobyproject.org/buildkit@v1#metadata': { vcs: { ...vcs, 'localdir:context': '.' } },
      }),
    },
  };
}
