import { BadReference } from '../errors.ts';
import type { Command } from './command.ts';
import { MOMENT, PLACE } from './options.ts';

export const lifecycleCommand: Command = {
  usage: 'lifecycle preview <repository> [--policy FILE]',
  summary: 'What a lifecycle policy would expire or archive, when and why, and whether any of it runs.',
  options: {
    policy: { value: 'FILE', says: 'this policy, as JSON, instead of the repository’s own' },
    all: { says: 'list what is kept as well' },
    strict: { says: 'a rollback image, or a running one that is due later, is a loss too' },
    manifests: { says: 'ask ECR what unknown indexes list: counts as a pull of each' },
    ...MOMENT,
    ...PLACE,
  },
  takesReference: 'some',
  choices: ['preview'],
  exits: {
    usage: 1,
    lines: [
      'Exit codes: 0 nothing that runs is lost; 2 something that runs would be; 3 something would go, and',
      'nobody knows what runs; 1 usage, or no such repository; 4 no policy; 5 AWS could not be asked.',
    ],
  },
  async run(action, options, tools, repository) {
    if (action !== 'preview' || repository === '')
      throw new BadReference(`usage: scan-response ${lifecycleCommand.usage}`);
    const { lifecycleReport } = await import('./lifecycle-report.ts');
    return lifecycleReport(repository, options, tools);
  },
};
