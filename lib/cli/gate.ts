import type { Command, Option } from './command.ts';
import { PLACE } from './options.ts';

const most = (severity: string): Option => ({
  value: 'N',
  says: `the most ${severity} findings it may have`,
});

export const gateCommand: Command = {
  usage: 'gate <repository>:<tag>|<repository>@<digest> [--max-critical N …] [--wait 10m]',
  summary: 'Whether an image may be deployed: waits for its scan, and holds it against limits.',
  options: {
    maxCritical: { value: 'N', says: 'the most critical findings it may have (0)' },
    maxHigh: most('high'),
    maxMedium: most('medium'),
    maxLow: most('low'),
    maxInformational: most('informational'),
    maxUntriaged: most('untriaged'),
    maxUndefined: most('undefined'),
    onlyFixable: { says: 'count only findings that an update removes' },
    wait: { value: 'TIME', says: 'how long to wait for the scan: 90s, 10m, 1h (0)' },
    ...PLACE,
  },
  takesReference: 'always',
  exits: {
    usage: 64,
    lines: [
      'Exit codes: 0 passed; 1 blocked; 2 not scanned, or not in the registry, which is not passed;',
      '64 usage; 5 AWS could not be asked.',
    ],
  },
  async run(text, options, tools) {
    const { gateReport } = await import('./gate-report.ts');
    return gateReport(text, options, tools);
  },
};
