import type { Digest } from '../../lib/image/digest.ts';
import type { Attached } from './documents.ts';

/** What BuildKit and GitHub write about a build, in the forms of today and of before. */

const BUILDKIT_V1 = 'https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md';
const BUILDKIT_V02 = 'https://mobyproject.org/buildkit@v1';

/** What a test wants to say about a build. */
export interface Build {
  readonly buildType?: string;
  readonly contextUri?: string;
  readonly contextDigest?: Readonly<Record<string, string>>;
  readonly materials?: readonly object[];
  readonly vcs?: { readonly source?: string; readonly revision?: string };
  readonly builderId?: string;
  /** `github_…`, as the builder on GitHub's machines adds them. */
  readonly github?: object;
}

const BASE = {
  uri: 'pkg:docker/alpine@3.20?platform=linux%2Famd64',
  digest: { sha256: '8914eb54f968791faf6a8638949e480fef81e697984fba772b3976835194c6d4' },
};

/** BuildKit's provenance as SLSA v1: the default since 0.28. */
export function buildkitV1(build: Build = {}): Attached {
  const { contextUri, contextDigest, vcs, github } = build;
  return {
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: build.buildType ?? BUILDKIT_V1,
        externalParameters: {
          configSource: { uri: contextUri, digest: contextDigest, path: 'Dockerfile' },
          request: { frontend: 'dockerfile.v0', args: { 'build-arg:NPM_TOKEN': 'a secret' } },
        },
        internalParameters: { builderPlatform: 'linux/amd64', ...github },
        resolvedDependencies: [BASE, ...(build.materials ?? [])],
      },
      runDetails: {
        builder: { id: build.builderId ?? '' },
        metadata: { invocationId: 'yirbp1aosi1vqjmi3z6bc75nb', buildkit_metadata: { vcs } },
      },
    },
  };
}

/** The same as SLSA v0.2: the default before, and what stands on most images. */
export function buildkitV02(build: Build = {}): Attached {
  const { contextUri, contextDigest, vcs, github } = build;
  return {
    predicateType: 'https://slsa.dev/provenance/v0.2',
    predicate: {
      builder: { id: build.builderId ?? '' },
      buildType: build.buildType ?? BUILDKIT_V02,
      invocation: {
        configSource: { uri: contextUri, digest: contextDigest, entryPoint: 'Dockerfile' },
        parameters: { frontend: 'dockerfile.v0' },
        environment: { platform: 'linux/amd64', ...github },
      },
      materials: [BASE, ...(build.materials ?? [])],
      metadata: {
        buildInvocationID: 'yirbp1aosi1vqjmi3z6bc75nb',
        'https://mobyproject.org/buildkit@v1#metadata': { vcs },
      },
    },
  };
}

/** GitHub's own attestation: the commit is that of the workflow's repository. */
export function githubAttestation(commit: string, repository = 'example/demo-api'): Attached {
  const url = `https://github.com/${repository}`;
  return {
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://actions.github.io/buildtypes/workflow/v1',
        externalParameters: {
          workflow: { ref: 'refs/heads/main', repository: url, path: '.github/workflows/x.yml' },
        },
        internalParameters: { github: { event_name: 'push', repository_id: '1' } },
        resolvedDependencies: [{ uri: `git+${url}@refs/heads/main`, digest: { gitCommit: commit } }],
      },
      runDetails: {
        builder: { id: 'https://github.com/actions/runner/github-hosted' },
        metadata: { invocationId: `${url}/actions/runs/42/attempts/1` },
      },
    },
  };
}

/** An in-toto statement about one manifest. */
export function aStatement(predicateType: string, predicate: unknown, subject: Digest): string {
  return JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    predicateType,
    subject: [{ name: 'demo-api', digest: { sha256: subject.slice('sha256:'.length) } }],
    predicate,
  });
}

/** A statement in an envelope with a signature that nothing has made. */
export function anEnvelope(statement: string): object {
  return {
    payloadType: 'application/vnd.in-toto+json',
    payload: Buffer.from(statement).toString('base64'),
    signatures: [{ sig: 'bm9uZQ==' }],
  };
}

/** The same as Sigstore bundles it. */
export function aBundle(statement: string): string {
  return JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { certificate: { rawBytes: 'bm9uZQ==' }, tlogEntries: [] },
    dsseEnvelope: anEnvelope(statement),
  });
}
