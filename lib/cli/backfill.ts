import type { Command } from './command.ts';
import { CHANGE, PERIOD, PLACE } from './options.ts';

export const backfillCommand: Command = {
  usage: 'backfill [<repository>] [--from TIME] [--to TIME] [--dry-run] [--role ARN]',
  summary: 'Fills in what happened to tags before this was deployed, from CloudTrail and the registry.',
  options: { ...PERIOD, region: PLACE.region, ...CHANGE },
  takesReference: 'maybe',
  async run(name, options, tools) {
    // A look-up must not wait for clients that only a backfill needs.
    const { runBackfill } = await import('./backfill-report.ts');
    return runBackfill(name, options, tools);
  },
};
