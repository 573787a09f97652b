/** An in-toto statement, as far as it is looked at from outside. */
interface Statement {
  readonly _type: string;
  readonly predicateType: string;
  readonly subject: readonly object[];
  readonly predicate: object;
}

const REPOSITORY = 'https://github.com/example/demo-api.git#refs/heads/main';

/**
 * What BuildKit states about an image that it built from a git commit which it fetched itself.
 * Sources: https://slsa.dev/spec/v0.2/provenance, https://slsa.dev/spec/v1.0/provenance and
 * https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md
 */
export function provenance(version: 'v0.2' | 'v1', imageDigest: string, commit: string): Statement {
  const source = { uri: REPOSITORY, digest: { sha1: commit } };
  const [, sha256] = imageDigest.split(':');
  const subject = [{ name: 'pkg:docker/demo-api@latest', digest: { sha256 } }];
  return version === 'v0.2'
    ? {
        _type: 'https://in-toto.io/Statement/v0.1',
        predicateType: 'https://slsa.dev/provenance/v0.2',
        subject,
        predicate: {
          builder: { id: '' },
          buildType: 'https://mobyproject.org/buildkit@v1',
          invocation: { configSource: { ...source, entryPoint: 'Dockerfile' } },
          materials: [source],
        },
      }
    : {
        _type: 'https://in-toto.io/Statement/v1',
        predicateType: 'https://slsa.dev/provenance/v1',
        subject,
        predicate: {
          buildDefinition: {
            buildType: 'https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md',
            externalParameters: { configSource: { ...source, path: 'Dockerfile' } },
            resolvedDependencies: [source],
          },
          runDetails: { builder: { id: '' } },
        },
      };
}
