import { raw } from '../image/untrusted.ts';
import type { Instant } from '../instant.ts';
import { type Finding, isFixable, type Package } from '../scan/finding.ts';
import type { Scan } from '../scan/scan.ts';
import { countBySeverity, differenceOf, mapSeverities, type SeverityCounts } from '../scan/severity.ts';
import { matchesGlob } from './glob.ts';

/** Findings that somebody decided not to hear of, until a day. In every pattern `*` stands for any characters. */
export interface IgnoreRule {
  /** The id of a finding, or a pattern of ids; absent: any. */
  readonly cve?: string;
  /** The name of a package; absent: any. */
  readonly package?: string;
  /** Where in the image the package lies, which enhanced scanning says for packages of languages; absent: anywhere. */
  readonly path?: string;
  /** The name of a repository; absent: all. */
  readonly repository?: string;
  readonly reason: string;
  /** The last day (UTC, `2027-03-31`) on which it holds. */
  readonly expires: string;
  /** Who applied it first, and when; written when it is applied. */
  readonly by?: string;
  readonly since?: Instant;
}

/** A scan without what is ignored, and that. */
export interface Sifted {
  readonly scan: Scan;
  readonly ignored: readonly Finding[];
}

/** True until the end of the rule's last day, UTC. */
export function isInForce({ expires }: Pick<IgnoreRule, 'expires'>, now: Instant): boolean {
  return now.slice(0, 10) <= expires;
}

/** Takes what is ignored out of a scan, and out of its counts. */
export function sift(scan: Scan, rules: readonly IgnoreRule[] = []): Sifted {
  const ignored = rules.length > 0 ? scan.findings.filter((it) => isIgnored(it, rules)) : [];
  if (ignored.length === 0) return { scan, ignored };
  const findings = scan.findings.filter((it) => !ignored.includes(it));
  const fixable = scan.fixable && without(scan.fixable, ignored.filter(isFixable));
  return {
    scan: { ...scan, findings, counts: without(scan.counts, ignored), ...(fixable && { fixable }) },
    ignored,
  };
}

/** A finding is ignored when rules that are about its id cover all of its packages: one that is left speaks. */
export function isIgnored({ id, packages }: Finding, rules: readonly IgnoreRule[]): boolean {
  const about = rules.filter(({ cve }) => cve === undefined || matchesGlob(cve, raw(id)));
  if (about.some((rule) => rule.package === undefined && rule.path === undefined)) return true;
  return packages.length > 0 && packages.every((it) => about.some((rule) => covers(rule, it)));
}

function covers(rule: IgnoreRule, { name, path }: Package): boolean {
  if (rule.package !== undefined && !matchesGlob(rule.package, raw(name))) return false;
  return rule.path === undefined || (path !== undefined && matchesGlob(rule.path, raw(path)));
}

/** AWS may count less than it lists: never below zero. */
function without(counts: SeverityCounts, ignored: readonly Finding[]): SeverityCounts {
  const rest = differenceOf(counts, countBySeverity(ignored));
  return mapSeverities((severity) => Math.max(0, rest[severity]));
}
