import type { Command } from './command.ts';
import { PLACE } from './options.ts';

export const costCommand: Command = {
  usage: "cost [<repository>|'team/*']",
  summary: 'What the images of repositories cost in a month, and what lifecycle policies would save.',
  options: {
    policy: { value: 'FILE', says: 'this lifecycle policy, as JSON, instead of each repository’s own' },
    ...PLACE,
  },
  takesReference: 'maybe',
  async run(pattern, options, tools) {
    const { costReport } = await import('./cost-report.ts');
    return costReport(pattern, options, tools);
  },
};
