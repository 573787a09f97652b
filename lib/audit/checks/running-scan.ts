import { foundIn } from '../../doctor/reading.ts';
import { shortDigest } from '../../image/digest.ts';
import { secondsBetween } from '../../instant.ts';
import type { Question, RepositoryFacts, RunningImage } from '../facts.ts';
import { type AuditFinding, findingAt } from '../finding.ts';
import { onRepository } from '../fix.ts';
import { frequencyOf } from './scanning.ts';
import { runsText } from './words.ts';

const DAY_SECONDS = 86_400;
/** The first scan of what was just pushed may still be on its way; large images take long. */
const PATIENCE_SECONDS = 3600;

/** What runs was scanned, and not too long ago. */
export function checkRunningScans(
  facts: RepositoryFacts,
  { olderThanDays }: Pick<Question, 'olderThanDays'>,
): readonly AuditFinding[] {
  return (facts.running ?? []).flatMap((it) => {
    const fault = scanFault(it, facts, olderThanDays);
    if (!fault) return [];
    const { check, reason } = fault;
    return findingAt(facts.settings.repository, check, { reason, fix: rescan(it, facts) });
  });
}

function scanFault({ digest, runs, scans }: RunningImage, facts: RepositoryFacts, olderThanDays: number) {
  const listed = facts.census.listed.get(digest);
  if (!listed || listed.isArchived || scans.length === 0) return undefined;
  const who = `${runsText(runs)} runs ${shortDigest(digest)}`;
  const states = scans.map(({ state }) => state);
  if (states.includes('unscannable'))
    return {
      check: 'running-unscannable' as const,
      reason: `${who}, whose scan failed or was refused: nobody knows what is in it.`,
    };
  if (states.includes('pending')) {
    if (secondsBetween(listed.pushedAt, facts.now) < PATIENCE_SECONDS) return undefined;
    return {
      check: 'running-never-scanned' as const,
      reason: `${who}, which was pushed at ${listed.pushedAt} and never scanned.`,
    };
  }
  const oldest = scans.flatMap(({ completedAt }) => completedAt ?? []).sort()[0];
  const days = oldest && Math.floor(secondsBetween(oldest, facts.now) / DAY_SECONDS);
  if (days === undefined || days < olderThanDays || isContinuous(facts)) return undefined;
  return {
    check: 'running-scan-old' as const,
    reason: `${who}, whose last scan is ${days} days old: what became known since is not in it.`,
  };
}

/** Inspector scans such an image again when it learns of something that concerns it: the age says nothing. */
function isContinuous({ registry, settings }: RepositoryFacts): boolean {
  const scanning = foundIn(registry.scanning);
  const { repository, scansOnPush } = settings;
  return scanning !== undefined && frequencyOf(repository.name, scanning, scansOnPush) === 'CONTINUOUS_SCAN';
}

/** A basic scan can be started by hand once a day; an enhanced one cannot. */
function rescan({ digest }: RunningImage, { settings, registry }: RepositoryFacts): string {
  if (foundIn(registry.scanning)?.type === 'ENHANCED')
    return 'no enhanced scan can be started by hand: scan the repository continuously (put-registry-scanning-configuration), or push and deploy a new build';
  return onRepository(settings.repository, `start-image-scan --image-id imageDigest=${digest}`);
}
