import { atLeast, SEVERITIES, type Severity } from '../scan/severity.ts';

/** The most findings that an image may have, by severity; of a severity without a limit it may have any number. */
export type Limits = Readonly<Partial<Record<Severity, number>>>;

/** None of the threshold's severity, or of a worse one. */
export function noneAtLeast(threshold: Severity): Limits {
  return Object.fromEntries(SEVERITIES.filter((it) => atLeast(it, threshold)).map((it) => [it, 0]));
}
