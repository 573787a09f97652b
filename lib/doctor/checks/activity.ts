import { type Instant, secondsBetween, toInstant } from '../../instant.ts';
import type { TableName } from '../blueprint.ts';
import { type Deployment, nameOf } from '../deployment.ts';
import { chart, type Diagnosis, judge } from '../diagnosis.ts';
import type { NewestFacts, TableReadings } from '../facts.ts';
import { aws } from '../fix.ts';
import { foundIn } from '../reading.ts';

const DAY_SECONDS = 86_400;
const QUIET_SECONDS = 30 * DAY_SECONDS;
/** Longer than any scan takes, and than the day in which ECR scans an image once only. */
const BEHIND_SECONDS = 2 * DAY_SECONDS;

const WORDS: Readonly<Record<TableName, { readonly subject: string; readonly hint: string }>> = {
  lineage: { subject: 'push', hint: 'Push an image, wait a minute, and run this again.' },
  ledger: {
    subject: 'scan',
    hint: 'Push an image to a repository that is scanned on push, and run this again.',
  },
};

export interface Clock {
  readonly now: Date;
  /** Writes a time for the reader, with the zone. */
  readonly say: (at: Instant) => string;
}

/** When the last push and the last scan were recorded: whether events really arrive. */
export function checkActivity(
  deployment: Deployment,
  tables: Readonly<Record<TableName, TableReadings>>,
  clock: Clock,
): readonly Diagnosis[] {
  return [
    ...checkNewest('lineage', tables.lineage, clock),
    ...checkNewest('ledger', tables.ledger, clock),
    ...checkScansFollow(deployment, foundIn(tables.lineage.newest), foundIn(tables.ledger.newest)),
  ];
}

function checkNewest(
  kind: TableName,
  { table, newest }: TableReadings,
  { now, say }: Clock,
): readonly Diagnosis[] {
  if (table.state === 'absent') return [];
  const { subject, hint } = WORDS[kind];
  const on = chart('activity', subject);
  const none = () => on.warning('seen', `No ${subject} has been recorded yet.`, hint);
  return judge(on, 'seen', newest, {
    absent: none,
    found: ({ at, isWhole }) => {
      if (!at) return [isWhole ? none() : on.ok('seen', `no ${subject} in the first part of a large table`)];
      const last = `last ${subject} seen ${say(at)}${isWhole ? '' : ' or later'}`;
      const isQuiet = isWhole && secondsBetween(at, toInstant(now)) > QUIET_SECONDS;
      return [
        isQuiet ? on.warning('seen', `Quiet for more than 30 days: ${last}.`, hint) : on.ok('seen', last),
      ];
    },
  });
}

/** Only where both tables were seen whole: a part of a table proves no absence. */
function checkScansFollow(
  deployment: Deployment,
  push: NewestFacts | undefined,
  scan: NewestFacts | undefined,
): readonly Diagnosis[] {
  if (!push?.at || !push.isWhole || !scan?.isWhole) return [];
  const on = chart('activity', 'scan');
  if (!scan.at || secondsBetween(scan.at, push.at) <= BEHIND_SECONDS) return [];
  return [
    on.warning(
      'follows',
      'Images were pushed for two days after the last scan: scans may not arrive.',
      aws(deployment, `logs tail /aws/lambda/${nameOf(deployment, 'scan-completed')} --since 2d`),
    ),
  ];
}
