import type { Question } from '../audit/facts.ts';
import { BadReference } from '../errors.ts';
import { safeText, untrusted } from '../image/untrusted.ts';
import type { Severity } from '../scan/severity.ts';
import type { Options } from './command.ts';

const PATTERN = /^[a-z0-9*][a-z0-9._/*-]{0,255}$/;
const PACE_WITHOUT_ASKING = 50;
const FASTEST = 10_000;

/** What was asked, how fast, and from which severity on it is a fault; undefined for none. */
export interface AskedAudit {
  readonly question: Question;
  readonly callsPerSecond: number;
  readonly failOn: Severity | undefined;
}

/** Reads what was typed; throws BadReference with what would be right. */
export function parseAudit(patterns: readonly string[], options: Options, stage: string): AskedAudit {
  const { olderThan = '30d', production = '', failOn = 'high', rate = String(PACE_WITHOUT_ASKING) } = options;
  const [, days] = /^(\d{1,4})d$/.exec(olderThan) ?? [];
  if (days === undefined) throw new BadReference('--older-than takes a number of days: 30d');
  const callsPerSecond = Number(rate);
  if (!/^\d{1,5}(\.\d{1,3})?$/.test(rate) || callsPerSecond <= 0 || callsPerSecond > FASTEST)
    throw new BadReference(`--rate takes calls a second, above 0 and at most ${FASTEST}`);
  const named = production.split(',').flatMap((it) => it.trim() || []);
  for (const pattern of [...patterns, ...named])
    if (!PATTERN.test(pattern))
      throw new BadReference(
        `not a repository, nor a pattern of repositories: ${JSON.stringify(safeText(untrusted(pattern), 80))}. Try 'prod/*'`,
      );
  return {
    question: { stage, patterns, production: named, olderThanDays: Number(days) },
    callsPerSecond,
    failOn: failOn === 'none' ? undefined : (failOn.toUpperCase() as Severity),
  };
}
