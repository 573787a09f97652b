import type { Evidence } from '../../lib/image/evidence.ts';
import type { Provenance } from '../../lib/image/provenance.ts';
import { parseTag } from '../../lib/image/reference.ts';
import { aDigest } from './lineage.ts';

/** A commit that BuildKit has fetched itself. */
export function anEvidence(overrides: Partial<Evidence> = {}): Evidence {
  return {
    commit: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
    tier: 'builder',
    source: { from: 'provenance', document: aDigest('e'), field: 'configSource.digest' },
    ...overrides,
  };
}

/** What a tag says, or is said to say. */
export function aTagEvidence(tag: string, overrides: Partial<Evidence> = {}): Evidence {
  return { commit: tag, tier: 'tag-full', source: { from: 'tag', tag: parseTag(tag) }, ...overrides };
}

/** The first is the best, the others are in conflict with it. */
export function aProvenance(best: Evidence, ...conflicts: readonly Evidence[]): Provenance {
  return { best, conflicts };
}
