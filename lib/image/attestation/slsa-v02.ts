import * as v from 'valibot';
import { lenient, lenientText } from '../lenient.ts';
import { Builder, type BuildFacts, Github, Material, Materials, Vcs } from './build-facts.ts';

const BUILDKIT_METADATA = 'https://mobyproject.org/buildkit@v1#metadata';

const Predicate = v.object({
  buildType: lenientText,
  builder: Builder,
  invocation: lenient(v.object({ configSource: lenient(Material), environment: Github })),
  materials: Materials,
  metadata: lenient(
    v.object({
      buildInvocationID: lenientText,
      [BUILDKIT_METADATA]: lenient(v.object({ vcs: Vcs })),
    }),
  ),
});

/**
 * Reads SLSA's provenance, version 0.2, as BuildKit before 0.28 and older generators write it. Undefined when it is
 * none. Source: https://slsa.dev/spec/v0.2/provenance
 */
export function readSlsaV02(predicate: unknown): BuildFacts | undefined {
  const { success, output } = v.safeParse(Predicate, predicate);
  if (!success) return undefined;
  const { buildType, builder, invocation, materials, metadata } = output;
  return {
    buildType: buildType ?? '',
    context: invocation?.configSource,
    materials,
    vcs: metadata?.[BUILDKIT_METADATA]?.vcs,
    github: invocation?.environment,
    builderId: builder?.id,
    invocationId: metadata?.buildInvocationID,
  };
}
