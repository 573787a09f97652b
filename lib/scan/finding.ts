import type { Platform } from '../image/platform.ts';
import { raw, type Untrusted } from '../image/untrusted.ts';
import { bySeverity, type Severity } from './severity.ts';

/** A package that carries a vulnerability. */
export interface Package {
  readonly name: Untrusted;
  readonly version: Untrusted;
  /** The version that fixes it; absent when there is none, or when basic scanning does not say. */
  readonly fixedIn?: Untrusted;
  /** Where in the image it lies; only enhanced scanning says so, and not of a distribution's packages. */
  readonly path?: Untrusted;
}

/** One vulnerability in one image. Basic scanning has one per package, enhanced one with all its packages. */
export interface Finding {
  /** CVE, GHSA or a distribution's advisory id. */
  readonly id: Untrusted;
  readonly severity: Severity;
  readonly packages: readonly Package[];
  /** CVSS base score, 0 to 10. */
  readonly score?: number;
  /** Whether a fix exists for every package, for some, or for none; absent when the scanner does not say. */
  readonly fix?: 'all' | 'some' | 'none';
  readonly exploitKnown?: boolean;
  /** Where it was found, when the image has several platforms. */
  readonly platforms: readonly Platform[];
}

/** What makes two findings the same: id, packages and their versions; not the platform, not the score. */
export function findingKey(finding: Finding): string {
  const packages = finding.packages.map(({ name, version }) => `${raw(name)}@${raw(version)}`).sort();
  return JSON.stringify([raw(finding.id), ...packages]);
}

/** Worst first: severity, then a known exploit, then the score, then the id so that the order never changes. */
export function worstFirst(a: Finding, b: Finding): number {
  return (
    bySeverity(a, b) ||
    Number(b.exploitKnown ?? false) - Number(a.exploitKnown ?? false) ||
    (b.score ?? 0) - (a.score ?? 0) ||
    (raw(a.id) < raw(b.id) ? -1 : 1)
  );
}

/** True when updating a package removes the finding, at least in part. */
export function isFixable({ fix }: Finding): boolean {
  return fix === 'all' || fix === 'some';
}
