import type { Command } from './command.ts';
import { CHANGE } from './options.ts';

export const auditCommand: Command = {
  usage: 'audit [<repository>|<pattern> …] [--fail-on SEVERITY] [--sarif FILE]',
  summary: 'What is set up wrong in the registry, worst first, and the command that fixes it.',
  options: {
    failOn: {
      value: 'SEVERITY',
      says: 'the mildest that ends with 4: critical, high (the default), medium, low; none',
      choices: ['critical', 'high', 'medium', 'low', 'none'],
    },
    olderThan: { value: '30d', says: 'how old the scan of what runs may be (30d)' },
    production: { value: 'NAMES', says: "what is production, besides what runs: 'prod/*,*-prod'" },
    sarif: { value: 'FILE', says: 'write SARIF 2.1.0 there as well' },
    resume: { value: 'FILE', says: 'go on where an audit stopped, and keep there how far this one is' },
    rate: { value: 'N', says: 'calls a second to the registry (50)' },
    progress: { says: 'how far it is, once a minute where nobody watches' },
    region: { value: 'NAME', says: 'where the registry is' },
    role: { ...CHANGE.role, says: 'the role to read the registry with, of another account' },
  },
  takesReference: 'many',
  async run(_first, options, tools, _second, patterns = []) {
    const { runAudit } = await import('./audit-report.ts');
    return runAudit(patterns, options, tools);
  },
};
