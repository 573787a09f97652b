import { BadReference } from '../errors.ts';
import type { Command, Output } from './command.ts';
import { PLACE, ZONE } from './options.ts';

const MOST = 100;

export const repositoriesCommand: Command = {
  usage: 'repositories [--account ID] [--region NAME] [--limit N] [--after NEXT]',
  summary: 'What is open, not scanned, or running with criticals, in all repositories; the worst first.',
  options: {
    account: { ...PLACE.account, says: 'those of this account' },
    region: { ...PLACE.region, says: 'those in this region' },
    limit: { value: 'N', says: `how many, at most ${MOST} (50)` },
    after: { value: 'NEXT', says: 'those after: what the page before ended with' },
    ...ZONE,
  },
  takesReference: 'never',
  async run(_none, { account, region, limit = '50', after }, { lookup }): Promise<Output> {
    if (!/^[1-9]\d{0,2}$/.test(limit) || Number(limit) > MOST)
      throw new BadReference(`--limit takes a number from 1 to ${MOST}`);
    const ports = await lookup();
    // Nobody else who looks something up needs it.
    const { repositoriesReport } = await import('./repositories-report.ts');
    return repositoriesReport({ account, region, limit: Number(limit), after }, ports);
  },
};
