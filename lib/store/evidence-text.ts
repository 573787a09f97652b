import type { Evidence } from '../image/evidence.ts';

// One attribute with a text: it can be compared in a condition, and the same evidence is the same text again.

export function formatEvidence(evidence: readonly Evidence[]): string {
  return JSON.stringify(evidence);
}

/** Reads what `formatEvidence` wrote; none when nothing was written. */
export function parseEvidence(text: string | undefined): readonly Evidence[] {
  return text === undefined ? [] : JSON.parse(text);
}

/** The condition that an item's evidence is still what was read; its values are `stillValues`. */
export function ifStill(known: readonly Evidence[]): string {
  return known.length > 0 ? 'evidence = :known' : 'attribute_not_exists(evidence)';
}

export function stillValues(known: readonly Evidence[]): Readonly<Record<string, string>> {
  return known.length > 0 ? { ':known': formatEvidence(known) } : {};
}
