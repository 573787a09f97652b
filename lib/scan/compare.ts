import { createHash } from 'node:crypto';
import { raw } from '../image/untrusted.ts';
import { type Finding, findingKey } from './finding.ts';
import type { Scan } from './scan.ts';
import { atLeast, type Severity } from './severity.ts';

/** The ids of the findings at or above the threshold, sorted, each once. */
export function idsAtLeast(findings: readonly Finding[], threshold: Severity): readonly string[] {
  const ids = findings.filter(({ severity }) => atLeast(severity, threshold)).map(({ id }) => raw(id));
  return [...new Set(ids)].sort();
}

/** Names a set of ids: the same ids in any order give the same 32 hex characters. */
export function fingerprint(ids: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([...ids].sort()))
    .digest('hex')
    .slice(0, 32);
}

/**
 * Names one reading of a subject: which platforms, when they were scanned as AWS gives it, and what was found.
 * The same facts read twice have the same key, whatever event brought us to read them.
 */
export function scanKey({ platforms, completedAt, counts, fixable, findings, short }: Scan): string {
  const states = platforms.map(({ digest, state }) => [digest, state]);
  const found = findings.map((finding) => `${finding.severity} ${findingKey(finding)}`).sort();
  return createHash('sha256')
    .update(JSON.stringify([states, completedAt ?? null, counts, fixable ?? null, found, ...(short ?? [])]))
    .digest('hex')
    .slice(0, 32);
}
