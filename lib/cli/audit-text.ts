import type { Audit } from '../audit/audit.ts';
import type { AuditFinding } from '../audit/finding.ts';
import type { Instant } from '../instant.ts';
import { bySeverity, type Severity } from '../scan/severity.ts';
import { bothZones } from './time.ts';

/** Repositories that are printed; the JSON has all. */
const PRINTED = 50;
const LISTED = 10;
const COLOURS: Readonly<Record<string, number>> = { CRITICAL: 31, HIGH: 31, MEDIUM: 33, LOW: 36 };

/** The severities that the audit gives. */
export const AUDITED = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const satisfies readonly Severity[];

/** What a person reads: places with their findings, the worst place first. */
export function auditLines(audit: Audit, at: Instant): readonly string[] {
  const { place, repositories, images, findings, left } = audit;
  const groups = grouped(findings);
  const more = groups.length - PRINTED;
  const where = place ? `${place.account} ${place.region}` : 'the registry';
  return [
    `audit of ${where}, ${bothZones(at)}: ${count(repositories)}, ${images} images`,
    ...groups.slice(0, PRINTED).flatMap(groupLines),
    ...(more > 0 ? ['', `and ${more} more places; --json has them all`] : []),
    ...openLines(audit),
    '',
    `${AUDITED.map((it) => `${countOf(findings, it)} ${it.toLowerCase()}`).join(', ')}${left > 0 ? `; not looked at: ${count(left)}` : ''}`,
  ];
}

/** How many there are of one severity. */
export function countOf(findings: readonly AuditFinding[], severity: Severity): number {
  return findings.filter((it) => it.severity === severity).length;
}

function count(repositories: number): string {
  return repositories === 1 ? '1 repository' : `${repositories} repositories`;
}

/** Colours the severity at the beginning of a line, for terminals. */
export function paintAudit(text: string): string {
  return text.replace(
    /^ {2}(CRITICAL|HIGH|MEDIUM|LOW)\b/,
    (_, it) => `  \u001b[${COLOURS[it]}m${it}\u001b[0m`,
  );
}

function grouped(findings: readonly AuditFinding[]): readonly (readonly AuditFinding[])[] {
  const groups = new Map<string, AuditFinding[]>();
  for (const finding of findings) {
    const key = finding.repository ?? '';
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()]
    .map((group) => group.sort(bySeverity))
    .sort((a, b) => worstFirst(a, b) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

function worstFirst([a]: readonly AuditFinding[], [b]: readonly AuditFinding[]): number {
  return a && b ? bySeverity(a, b) : 0;
}

function nameOf([first]: readonly AuditFinding[]): string {
  return first?.repository ?? 'the whole registry';
}

function groupLines(group: readonly AuditFinding[]): readonly string[] {
  return [
    '',
    nameOf(group),
    ...group.flatMap(({ severity, check, reason, fix }) => [
      `  ${severity.padEnd(8)}  ${check}: ${reason}`,
      `            fix: ${fix}`,
    ]),
  ];
}

/** What was not looked at is neither good nor bad. */
function openLines({ unread, failures }: Audit): readonly string[] {
  const whys = new Map<string, string[]>();
  for (const { check, why, repositories } of unread) {
    const words = repositories === undefined ? check : `${check} (in ${count(repositories)})`;
    whys.set(why, [...(whys.get(why) ?? []), words]);
  }
  return [
    ...[...whys].flatMap(([why, checks], nth) => [
      ...(nth === 0 ? ['', 'not checked'] : []),
      `  ${checks.join(', ')}: ${why}`,
    ]),
    ...(failures.length > 0 ? ['', 'could not be read'] : []),
    ...failures.slice(0, LISTED).map(({ repository, why }) => `  ${repository}: ${why}`),
    ...(failures.length > LISTED ? [`  and ${failures.length - LISTED} more repositories`] : []),
  ];
}
