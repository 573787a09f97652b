import { BadReference } from '../errors.ts';
import type { Command } from './command.ts';
import { CHANGE, MOMENT, PLACE } from './options.ts';

const USAGE = 'policy check FILE | apply FILE | show | log | import-vex FILE';
const OF_A_FILE: readonly string[] = ['check', 'apply', 'import-vex'];
const OF_THE_LEDGER: readonly string[] = ['show', 'log'];

export const policyCommand: Command = {
  usage: USAGE,
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
  choices: [...OF_A_FILE, ...OF_THE_LEDGER],
  async run(action, options, tools, file) {
    const isKnown = (file === '' ? OF_THE_LEDGER : OF_A_FILE).includes(action);
    if (!isKnown) throw new BadReference(`usage: scan-response ${USAGE}`);
    // Nobody who looks something up needs YAML.
    const { runPolicy } = await import('./policy-report.ts');
    return runPolicy(action, file, options, tools);
  },
};
