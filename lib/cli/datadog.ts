import { BadReference } from '../errors.ts';
import type { Command, Output } from './command.ts';

const ACTIONS = ['plan', 'apply', 'export'] as const;

export const datadogCommand: Command = {
  usage: 'datadog plan|apply|export [--terraform] [--stage NAME] [--region NAME]',
  summary: 'Keeps the monitors and the dashboard in Datadog, with DD_API_KEY and DD_APP_KEY.',
  options: {
    notify: { value: 'HANDLES', says: 'whom the monitors tell: "@slack-security @you@example.com", or none' },
    runbook: { value: 'URL', says: 'a page for whoever is told' },
    region: { value: 'NAME', says: 'where the deployment is; AWS_REGION without it' },
    terraform: { says: 'of export: resources of its provider instead of JSON' },
  },
  takesReference: 'always',
  choices: ACTIONS,
  async run(text, options, { stage, environment, progress }): Promise<Output> {
    const action = ACTIONS.find((it) => it === text);
    if (!action) throw new BadReference(`datadog takes ${ACTIONS.join(', ')}`);
    if (options.terraform && action !== 'export') throw new BadReference('--terraform goes with export');
    // Datadog's client, which nobody else needs.
    const { datadogReport } = await import('./datadog-report.ts');
    return datadogReport(action, options, { stage, environment, progress });
  },
};
