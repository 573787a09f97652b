import { describe, expect, test } from 'vitest';
import { bundledCli } from '../../doubles/cli.ts';

const run = bundledCli();
const KEYS = { DD_API_KEY: '0123456789abcdef', DD_APP_KEY: 'fedcba9876543210', AWS_REGION: 'eu-west-1' };

describe('export asks nobody, and needs no key', () => {
  const REGION = ['--region', 'eu-west-1'];

  test('as JSON, which --json has in full', async () => {
    const { exit, stdout } = await run(['datadog', 'export', ...REGION, '--notify', '@slack-security']);
    expect(exit).toBe(0);
    const documents = JSON.parse(stdout);
    expect(Object.keys(documents)).toEqual(['monitor', 'watchdog', 'dashboard']);
    expect(documents.monitor.message).toMatch(/\n@slack-security$/);
    const all = await run(['datadog', 'export', ...REGION, '--notify', '@slack-security', '--json']);
    expect(JSON.parse(all.stdout)).toMatchObject({ schema: 'scan-response.datadog/v1', documents });
  });

  test('as Terraform', async () => {
    const { exit, stdout } = await run(['datadog', 'export', '--terraform', ...REGION, '--stage', 'PROD']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(
      /^resource "datadog_monitor_json" "scan_response_monitor" \{\n {2}monitor = jsonencode\(\{\n/,
    );
    expect(stdout).toContain('{deployment:scan-response-prod-eu-west-1}');
  });
});

describe('wrong usage ends with 1 and says what is right', () => {
  test.each<[string, readonly string[], Record<string, string | undefined>, string]>([
    ['another action', ['delete'], {}, 'datadog takes plan, apply, export'],
    ['Terraform of a plan', ['plan', '--terraform'], {}, '--terraform goes with export'],
    ['no region', ['plan'], { AWS_REGION: undefined }, 'say where the deployment is with --region'],
    ['no handle', ['plan', '--notify', 'slack-security'], {}, '--notify takes handles, as "@slack-security'],
    ['a template as handle', ['plan', '--notify', '@a{{b}}'], {}, '--notify takes handles'],
    ['nobody as handle', ['plan', '--notify', ''], {}, '--notify takes handles'],
    ['no page', ['plan', '--runbook', 'wiki'], {}, '--runbook takes the address of a page'],
    ['a page that is not encrypted', ['plan', '--runbook', 'http://a.example'], {}, '--runbook takes'],
    ['a template as page', ['plan', '--runbook', 'https://a.example/{{x}}'], {}, '--runbook takes'],
    ['no API key', ['plan'], { DD_API_KEY: undefined }, 'DD_API_KEY is not set'],
    [
      'no application key',
      ['plan'],
      { DD_APP_KEY: undefined },
      'monitors_read, monitors_write, dashboards_read',
    ],
    [
      'a key that is a page',
      ['plan'],
      { DD_APP_KEY: '{"a":"secret"}' },
      'DD_APP_KEY is not a key of Datadog',
    ],
    ['no site of Datadog’s', ['plan'], { DD_SITE: 'evil.example' }, 'DD_SITE must be one of datadoghq.com'],
    [
      'another address',
      ['plan'],
      { SCAN_RESPONSE_DATADOG_URL: 'http://10.0.0.1:80' },
      'SCAN_RESPONSE_DATADOG_URL may only be http://127.0.0.1',
    ],
  ])('%s', async (_what, args, change, words) => {
    const environment = Object.entries({ ...KEYS, ...change }).filter(([, value]) => value !== undefined);
    const { exit, stdout, stderr } = await run(
      ['datadog', ...args],
      Object.fromEntries(environment) as never,
    );
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/secret|0123456789|fedcba98/);
  });
});
