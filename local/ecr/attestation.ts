import { type AddBlob, artifactManifest, imageManifest, type Manifest } from './manifest.ts';
import {
  BUNDLE_MEDIA_TYPE,
  type BuildOrigin,
  buildkitStatement,
  type GithubRun,
  githubBundle,
  type PredicateVersion,
} from './statement.ts';

/** What BuildKit attests about each platform, and in which of its forms. */
export interface AttestationSpec extends BuildOrigin {
  /** `artifact`: with a subject and without a config, as of BuildKit 0.32; default `image`. */
  readonly form?: 'image' | 'artifact';
  /** Default v0.2. */
  readonly predicate?: PredicateVersion;
}

const STATEMENT = 'application/vnd.in-toto+json';

/**
 * BuildKit's provenance beside the image it speaks of.
 * Source: https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md
 */
export function buildAttestation(addBlob: AddBlob, image: Manifest, spec: AttestationSpec): Manifest {
  const { form = 'image', predicate = 'v0.2', ...origin } = spec;
  const isArtifact = form === 'artifact';
  const platform = 'unknown/unknown';
  const layer = {
    ...addBlob(STATEMENT, buildkitStatement(image.digest, predicate, origin, isArtifact)),
    annotations: { 'in-toto.io/predicate-type': `https://slsa.dev/provenance/${predicate}` },
  };
  if (isArtifact) {
    const artifactType = 'application/vnd.docker.attestation.manifest.v1+json';
    return artifactManifest(addBlob, { artifactType, subject: image, layer, platform });
  }
  const config = addBlob(
    'application/vnd.oci.image.config.v1+json',
    JSON.stringify({
      architecture: 'unknown',
      os: 'unknown',
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    }),
  );
  return imageManifest(config, layer, platform);
}

/** What `actions/attest-build-provenance` pushes after an image. */
export function buildReferrer(addBlob: AddBlob, subject: Manifest, run: GithubRun): Manifest {
  const layer = addBlob(BUNDLE_MEDIA_TYPE, githubBundle(subject.digest, run));
  const annotations = {
    'dev.sigstore.bundle.content': 'dsse-envelope',
    'dev.sigstore.bundle.predicateType': 'https://slsa.dev/provenance/v1',
    'org.opencontainers.image.created': '2026-11-20T03:00:00Z',
  };
  return artifactManifest(addBlob, { artifactType: BUNDLE_MEDIA_TYPE, subject, layer, annotations });
}
