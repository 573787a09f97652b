import * as v from 'valibot';
import { lenient, lenientText } from '../lenient.ts';
import { Builder, type BuildFacts, Github, Material, Materials, Vcs } from './build-facts.ts';

const Predicate = v.object({
  buildDefinition: v.object({
    buildType: lenientText,
    externalParameters: lenient(v.object({ configSource: lenient(Material) })),
    internalParameters: Github,
    resolvedDependencies: Materials,
  }),
  runDetails: lenient(
    v.object({
      builder: Builder,
      metadata: lenient(
        v.object({
          // BuildKit writes the first, its documentation the second.
          invocationId: lenientText,
          invocationID: lenientText,
          buildkit_metadata: lenient(v.object({ vcs: Vcs })),
        }),
      ),
    }),
  ),
});

/**
 * Reads SLSA's provenance, version 1, as BuildKit (the default since 0.28) and GitHub's attestations write it.
 * Undefined when it is none. Sources: https://slsa.dev/spec/v1.0/provenance,
 * https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md
 */
export function readSlsaV1(predicate: unknown): BuildFacts | undefined {
  const { success, output } = v.safeParse(Predicate, predicate);
  if (!success) return undefined;
  const { buildDefinition, runDetails } = output;
  const metadata = runDetails?.metadata;
  return {
    buildType: buildDefinition.buildType ?? '',
    context: buildDefinition.externalParameters?.configSource,
    materials: buildDefinition.resolvedDependencies,
    vcs: metadata?.buildkit_metadata?.vcs,
    github: buildDefinition.internalParameters,
    builderId: runDetails?.builder?.id,
    invocationId: metadata?.invocationId ?? metadata?.invocationID,
  };
}
