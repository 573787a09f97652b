import type { Command } from './command.ts';
import { CHANGE, MOMENT, PLACE } from './options.ts';

export const policyCommand: Command = {
  usage: 'policy check FILE | apply FILE | show | log | import-vex FILE',
  summary: 'Who hears about what: checks and applies a policy file, shows what holds and held.',
  options: {
    ...CHANGE,
    region: PLACE.region,
    ...MOMENT,
    version: { value: 'N', says: 'show: this version; apply: only on top of this one' },
    expires: { value: 'DAY', says: 'import-vex: the last day of the rules, as 2027-03-31' },
    strict: { says: 'check and apply: a warning is an error' },
  },
  takesReference: 'some',
  choices: ['check', 'apply', 'show', 'log', 'import-vex'],
  async run(action, options, tools, file) {
    // Nobody who looks something up needs YAML.
    const { runPolicy } = await import('./policy-report.ts');
    return runPolicy(action, file, options, tools);
  },
};
