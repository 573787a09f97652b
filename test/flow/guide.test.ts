import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { aDigest } from '../build/lineage.ts';
import { registryResources } from '../contract/evaluate.ts';
import { bundledCli, cliOver } from '../doubles/cli.ts';
import { startDatadogApi } from '../doubles/datadog-api.ts';
import { recorder } from '../doubles/lookup.ts';
import { described, openTransfer, settings } from '../doubles/transfer.ts';

/** What guides about ECR ask for, and the command for it: the table of the section about the registry. */
const GUIDE = [
  ...readFileSync('README.ja.md', 'utf8').matchAll(/^\| ([^|`]+)(?:`[^|]*)? \| `(npx [^|]+)` \|$/gm),
]
  .map(([, asks = '', command = '']) => ({ asks: asks.trim(), words: wordsOf(command) }))
  .filter(({ words }) => ['scan-response', 'serverless'].includes(words[1] ?? ''));

/** What each command says where nothing is wrong, and how it ends: the first row that its beginning fits. */
const SAYS: readonly (readonly [begins: string, says: RegExp, ends?: number])[] = [
  ['tags --env prod', /^prod-latest$/m],
  ['tags', /^--tag '?111122223333\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/demo-api:[0-9a-f]{40}/m],
  ['gate', /^PASSED {2}demo-api:v1\.0\.0/],
  ['lifecycle preview', /0 of 1 images would go/],
  ['cost', /demo-api/],
  ['audit', /0 critical, 0 high/],
  ['doctor push', /no fault/],
  ['doctor pull', /no fault/],
  ['who', /9b7e3c5a1d2f/],
  ['backfill', /0 events of CloudTrail, 1 repositories/],
  // Something is to be done.
  ['datadog plan', /monitor/, 2],
];

const run = bundledCli();
const { tables } = cliOver(async (all) => {
  const record = recorder(all);
  await record.tag('latest', '02:00', aDigest('a'));
  await record.image(aDigest('a'), ['latest', '9b7e3c5a1d2f4e6b8a0c9d7e5f3b1a2c4d6e8f0a']);
});

/** A registry that is set up right, with one image: what every service of AWS says of it. */
function openWorld() {
  const rules = [
    { scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] },
  ];
  const keep = { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 30 };
  return openTransfer({
    DescribeRepositories: () => ({ repositories: [settings()] }),
    DescribeImages: () => ({ imageDetails: [described({ imageTags: ['v1.0.0'] })] }),
    DescribeImageScanFindings: () => ({
      imageScanStatus: { status: 'COMPLETE' },
      imageScanFindings: { imageScanCompletedAt: 1_780_000_000, findingSeverityCounts: {}, findings: [] },
    }),
    GetLifecyclePolicy: () => ({
      lifecyclePolicyText: JSON.stringify({
        rules: [{ rulePriority: 1, selection: keep, action: { type: 'expire' } }],
      }),
    }),
    GetRegistryScanningConfiguration: () => ({ scanningConfiguration: { scanType: 'BASIC', rules } }),
    DescribeRule: ({ Name }) => ({ Name, State: 'ENABLED', EventPattern: '{}' }),
    LookupEvents: () => ({ Events: [] }),
  });
}

test('the guide has a row for each', () => {
  expect(GUIDE.length).toBeGreaterThanOrEqual(14);
});

test.each(GUIDE.filter(({ words }) => words[1] === 'scan-response'))('$asks', async ({ words }) => {
  const command = words.slice(2);
  const { environment } = await openWorld();
  const datadog = command[0] === 'datadog' ? await datadogKeys() : {};
  const { exit, stdout, stderr } = await run(command, { ...environment, ...tablesOf(), ...datadog });
  const [, says, ends = 0] = SAYS.find(([begins]) => command.join(' ').startsWith(begins)) ?? [];
  expect(exit, stderr).toBe(ends);
  expect(stdout).toMatch(says ?? expect.fail(`nobody says what ${command[0]} prints`));
});

test.each(GUIDE.filter(({ words }) => words[1] === 'serverless'))('$asks', async ({ words }) => {
  const params = words.flatMap((word) => {
    const [, name, value] = /^--param=(\w+)=(.*)$/.exec(word) ?? [];
    return name === undefined ? [] : [[name, value ?? ''] as const];
  });
  const made = Object.values(await registryResources(Object.fromEntries(params)));
  const repositories = made.filter(({ Type }) => Type === 'AWS::ECR::Repository');
  expect(repositories.map(({ Properties }) => Properties.RepositoryName)).toEqual(
    params.flatMap(([name, value]) => (/epositories$/.test(name) ? value : [])),
  );
  expect(JSON.stringify(repositories)).toContain('ecr:BatchGetImage');
});

function tablesOf() {
  const { url, lineage, ledger } = tables();
  return {
    ...{ AWS_ENDPOINT_URL_DYNAMODB: url, SCAN_RESPONSE_LINEAGE_TABLE: lineage.name },
    SCAN_RESPONSE_LEDGER_TABLE: ledger.name,
  };
}

async function datadogKeys() {
  const keys = {
    apiKey: '0123456789abcdef0123456789abcdef',
    appKey: 'fedcba9876543210fedcba9876543210fedcba98',
  };
  const api = await startDatadogApi({ ...keys, faultsOf: () => [] });
  onTestFinished(() => api.close());
  const { apiKey: DD_API_KEY, appKey: DD_APP_KEY } = keys;
  return { SCAN_RESPONSE_DATADOG_URL: api.url, DD_API_KEY, DD_APP_KEY };
}

/** A command as a shell splits it: by blanks, and what is in double quotes is one word. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/(?:"[^"]*"|[^\s"])+/g)].map(([word]) => word.replaceAll('"', ''));
}
