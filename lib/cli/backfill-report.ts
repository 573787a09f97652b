import type { Backfilled, Filled, Watching } from '../backfill/backfill.ts';
import { BadReference } from '../errors.ts';
import { parseRepositoryName } from '../image/reference.ts';
import { type Instant, type Period, toInstant } from '../instant.ts';
import { backfillFor } from '../services/backfill.ts';
import { EXIT, type Options, type Output, type Tools } from './command.ts';
import { explain } from './failure.ts';
import { checkStage } from './stage.ts';
import { bothZones, parseTime } from './time.ts';

const SCHEMA = 'scan-response.backfill/v1';
/** CloudTrail keeps 90 days of events, with no trail at all; the last minutes of the first day are gone at any time. */
const HISTORY_MS = 90 * 86_400_000;
const MAX_LISTED = 20;

/** Fills in what the options ask for, of one repository or (without a name) of all. */
export async function runBackfill(
  name: string,
  { region, role, dryRun, from, to = 'now' }: Options,
  tools: Tools,
): Promise<Output> {
  const { stage, environment, progress } = tools;
  const queueName = `scan-response-${checkStage(stage)}-pushes`;
  const now = tools.now();
  const oldest = toInstant(new Date(now.getTime() - HISTORY_MS));
  const begins = from === undefined ? oldest : parseTime(from, now);
  const period = { from: begins < oldest ? oldest : begins, to: parseTime(to, now) };
  if (period.to < period.from) throw new BadReference('--to is before --from, or before the last 90 days');
  const repository = name === '' ? {} : { repository: parseRepositoryName(name) };
  let reached: Instant = period.to;
  const watching: Watching = {
    onStretch({ from: day, read, found, missing }) {
      const sending = dryRun ? 'not on record' : 'not on record, sending';
      progress(`${day.slice(0, 10)}: ${read} events, ${found.length} of tags, ${missing.length} ${sending}`);
    },
    onSent: (day) => {
      reached = day;
    },
    onRepository: (it) => progress(`${it.name}: where its tags stand`),
  };
  try {
    const wanted = { ...period, ...repository, isDryRun: dryRun };
    const done = await backfillFor({ region, role, queueName }, environment, wanted, watching);
    return report(done, period, dryRun, queueName);
  } catch (error) {
    return stopped(error, reached, period.to);
  }
}

function report(done: Backfilled, period: Period, dryRun: boolean, queueName: string): Output {
  const { read, unreadable, repositories, events } = done;
  const busy = repositories.filter(({ missing, drifts }) => missing + drifts.length > 0);
  return {
    exit: EXIT.found,
    lines: [
      `${bothZones(period.from)} to ${bothZones(period.to)}: ${read} events of CloudTrail, ${repositories.length} repositories`,
      ...(unreadable > 0 ? [`${unreadable} of the events could not be read`] : []),
      ...busy.slice(0, MAX_LISTED).map(describe),
      ...(busy.length > MAX_LISTED ? [`  and ${busy.length - MAX_LISTED} more repositories`] : []),
      dryRun ? `would send ${events} events to ${queueName}` : `sent ${events} events to ${queueName}`,
    ],
    document: { schema: SCHEMA, ...period, dryRun, ...done },
  };
}

function describe({ repository, found, missing, drifts }: Filled): string {
  const standing = drifts.length > 0 ? `, and ${drifts.length} that only the registry knows` : '';
  return `  ${repository.name}: ${missing} of ${found} events not on record${standing}`;
}

/** What was sent stays, and is skipped by the next run; with --to its days are not even read again. */
function stopped(error: unknown, reached: Instant, to: Instant): Output {
  const { exit, message } = explain(error);
  if (exit !== EXIT.backend) throw error;
  const goOn = reached === to ? 'run it again' : `run it again, or go on from there with --to ${reached}`;
  return {
    exit: EXIT.backend,
    lines: [`scan-response: ${message}`, `what was sent stays; ${goOn}`],
    document: { schema: SCHEMA, error: message, reached },
  };
}
