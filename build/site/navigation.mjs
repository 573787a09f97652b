/**
 * Every page of the site, in the order and under the words that a newcomer reads: a file's path in the repository → its
 * name in the navigation. A page in docs/ that has no line here fails `test/contract/docs-site.test.ts`. A line may come
 * before its page.
 *
 * @type {Readonly<Record<string, Readonly<Record<string, string>>>>}
 */
const GROUPS = {
  Start: {
    'docs/README.md': 'What do you want to do?',
    'README.md': 'What it is and does',
    'README.ja.md': '日本語',
    'docs/deploy.md': 'Install and upgrade',
  },
  'On call': {
    'docs/incidents.md': 'Incident guide',
    'docs/runbook.md': 'Runbook: our own alarms',
    'docs/console.md': 'Console',
    'docs/slack-command.md': 'Slack command and buttons',
    'docs/api.md': 'HTTP API',
    'docs/history.md': 'History and commits',
  },
  Alerts: {
    'docs/alerts.md': 'Anatomy of a message',
    'docs/policy.md': 'Policy: who hears what',
    'docs/slack.md': 'Slack',
    'docs/sns.md': 'SNS, Teams and mail',
    'docs/datadog.md': 'Datadog',
  },
  Registry: {
    'docs/registry.md': 'Repositories set up right',
    'docs/tags.md': 'Tags and labels',
    'docs/gate.md': 'Gate before a deploy',
    'docs/audit.md': 'Audit',
    'docs/lifecycle.md': 'Lifecycle and cost',
    'docs/troubleshooting.md': 'Push or pull fails',
  },
  'How it works': {
    'ARCHITECTURE.md': 'Architecture',
    'docs/security.md': 'Security model',
    'docs/reliability.md': 'Reliability, measured',
    'docs/performance.md': 'Performance, measured',
    'docs/schemas': 'Schemas of the JSON',
    'CONTRIBUTING.md': 'Contributing',
  },
  Decisions: {
    'docs/decisions/0001-independent-emulator.md': '1. An AWS that we did not write',
    'docs/decisions/0002-oracles.md': '2. What stand-ins are held against',
    'docs/decisions/0003-template-checks.md': '3. What checks the template',
    'docs/decisions/0004-datadog-client.md': '4. The Datadog client',
    'docs/decisions/0005-measured-beside-a-floor.md': '5. Measured beside a floor',
    'docs/decisions/0006-cold-starts.md': '6. Cold starts, step by step',
    'docs/decisions/0007-sizes.md': '7. Memory, batches and windows',
  },
};

/**
 * @typedef {object} Entry
 * @property {string} file
 * @property {string} label
 * @property {string} group
 */

/** Under this are pages that nobody gave a line above. */
export const UNNAMED = 'More';

/**
 * The navigation of the pages that are there.
 *
 * @param {readonly string[]} files paths in the repository
 * @returns {readonly Entry[]} in the order of reading
 */
export function navigation(files) {
  const named = Object.entries(GROUPS).flatMap(([group, pages]) =>
    Object.entries(pages).map(([file, label]) => ({ file, label, group })),
  );
  const names = new Set(named.map(({ file }) => file));
  const unnamed = files.filter((file) => !names.has(file));
  return [
    ...named.filter(({ file }) => files.includes(file)),
    ...unnamed.map((file) => ({ file, label: file, group: UNNAMED })),
  ];
}
