import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnhancedImageScanFinding } from '@aws-sdk/client-ecr';
import { raw, untrusted } from '../../../lib/image/untrusted.ts';
import { fromEnhanced, isOpen } from '../../../lib/registry/finding.ts';
import type { Finding } from '../../../lib/scan/finding.ts';
import type { Chance } from '../chance.ts';

/** A real answer of ECR with 402 enhanced findings of one image. */
const ANSWER = 'findings/dlc-enhanced-402.response.json';

/** Draws vulnerabilities as a scanner's feed publishes them. */
export interface Pool {
  /**
   * A vulnerability that is new to everybody: severity, package, score and fix of a recorded one, at its recorded
   * share, under an id of its own, since no answer has as many ids as ninety days bring.
   */
  readonly publish: () => Finding;
}

/** Draws from the recorded answer in that folder. */
export function recordedPool(folder: string, chance: Chance): Pool {
  const { imageScanFindings } = JSON.parse(readFileSync(join(folder, ANSWER), 'utf8')) as {
    readonly imageScanFindings: { readonly enhancedFindings: readonly EnhancedImageScanFinding[] };
  };
  const recorded = imageScanFindings.enhancedFindings.filter(isOpen).map(fromEnhanced);
  let published = 0;
  return {
    publish() {
      const template = recorded[chance.between(0, recorded.length)] as Finding;
      published += 1;
      return { ...template, id: untrusted(`CVE-2026-${10_000 + published}`) };
    },
  };
}

/** The ids at the default threshold, sorted. */
export function criticalIds(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ id, severity }) => (severity === 'CRITICAL' ? [raw(id)] : [])).sort();
}
