import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type LocalResponse, serve } from '../../local/http.ts';
import { dropped, replyLost } from '../../local/reply-script.ts';
import dashboardFile from '../../resources/datadog/dashboard.json' with { type: 'json' };
import monitorFile from '../../resources/datadog/monitor.json' with { type: 'json' };
import watchdogFile from '../../resources/datadog/watchdog.json' with { type: 'json' };
import { bundledCli } from '../doubles/cli.ts';
import { type DatadogApi, type FaultsOf, startDatadogApi } from '../doubles/datadog-api.ts';
import { isRecorded, managedValidators, RECORDED_DATADOG } from '../doubles/datadog-openapi.ts';

const API_KEY = '0123456789abcdef0123456789abcdef';
const APP_KEY = 'fedcba9876543210fedcba9876543210fedcba98';
const KEYS = { DD_API_KEY: API_KEY, DD_APP_KEY: APP_KEY, AWS_REGION: 'eu-west-1' };
const PROD = ['--stage', 'prod'];

const run = bundledCli();

const validators = isRecorded ? managedValidators() : undefined;
const faultsOf: FaultsOf = (kind, body) =>
  (validators?.[kind](body) ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

/** A Datadog with nothing in it, and the packaged command with its keys. */
async function datadog() {
  const api = await startDatadogApi({ apiKey: API_KEY, appKey: APP_KEY, faultsOf });
  onTestFinished(() => api.close());
  const ask = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
    api.asked.length = 0;
    return run(['datadog', ...args], { ...KEYS, SCAN_RESPONSE_DATADOG_URL: api.url, ...environment });
  };
  return { api, ask };
}

/** What Datadog has after an apply, by its options: the command is run once for each. */
const kept = new Map<string, DatadogApi['kept']>();

/** The same with everything as declared. */
async function applied(...options: readonly string[]) {
  const { api, ask } = await datadog();
  const known = kept.get(options.join(' '));
  if (known) {
    api.kept.monitor.push(...structuredClone(known.monitor));
    api.kept.dashboard.push(...structuredClone(known.dashboard));
  } else expect(await ask(['apply', ...PROD, ...options])).toMatchObject({ exit: 0, stderr: '' });
  kept.set(options.join(' '), structuredClone(api.kept));
  return { api, ask };
}

const writes = ({ asked }: DatadogApi) => asked.filter((it) => !/^GET |\/validate$/.test(it));
/** Changes the monitor as a person would, given its options. */
function edit(api: DatadogApi, change: (options: object) => object): void {
  const [monitor] = api.kept.monitor;
  if (!monitor) throw new Error('nothing was applied');
  api.kept.monitor[0] = { ...monitor, ...change(Object(monitor.options)) };
}

describe.skipIf(!isRecorded)('Datadog’s own OpenAPI (recorded)', () => {
  test.each([
    ['monitor', 'monitor', monitorFile],
    ['watchdog', 'monitor', watchdogFile],
    ['dashboard', 'dashboard', dashboardFile],
  ] as const)('takes the %s', (_key, kind, file) => {
    expect(faultsOf(kind, file)).toEqual([]);
  });

  test.each<[string, 'monitor' | 'dashboard', object]>([
    ['a type that there is not', 'monitor', { ...monitorFile, type: 'loud alert' }],
    ['no query', 'monitor', { ...monitorFile, query: undefined }],
    ['a status that there is not', 'monitor', { ...monitorFile, options: { renotify_statuses: ['bad'] } }],
    ['a fraction of a minute', 'monitor', { ...watchdogFile, options: { no_data_timeframe: 0.5 } }],
    [
      'a widget that there is not',
      'dashboard',
      { ...dashboardFile, widgets: [{ definition: { type: 'x' } }] },
    ],
    ['no layout', 'dashboard', { ...dashboardFile, layout_type: undefined }],
  ])('would refuse %s', (_what, kind, body) => {
    expect(faultsOf(kind, JSON.parse(JSON.stringify(body)))).not.toEqual([]);
  });

  test.each([
    ['v1-monitor-create-200', 0],
    ['v1-monitor-validate-200', 0],
    ['v1-monitor-validate-400', 0],
    ['v1-monitor-create-400', 0],
    ['v1-monitor-edit-200', 0],
    ['v1-monitor-edit-200', 1],
  ])('our stand-in answers %s (%i) as it was recorded', async (name, nth) => {
    const { api } = await datadog();
    const all = JSON.parse(readFileSync(join(RECORDED_DATADOG, `${name}.json`), 'utf8'));
    for (const [index, { method, url, body, status, response }] of all.slice(0, nth + 1).entries()) {
      const id = api.kept.monitor[0]?.id;
      const path = new URL(url).pathname.replace(/\d{5,}$/, String(id));
      const headers = { 'dd-api-key': API_KEY, 'dd-application-key': APP_KEY };
      const reply = await fetch(api.url + path, { method, body, headers });
      if (index < nth) continue;
      expect(reply.status).toBe(status);
      const answer = (await reply.json()) as object;
      if (status === 200) expect(shape(answer)).toMatchObject(shape(JSON.parse(response)) as object);
    }
  });

  test('what our stand-in keeps is a monitor and a dashboard, too', async () => {
    const { api } = await applied('--notify', '@slack-security', '--runbook', 'https://wiki.example.com/ecr');
    for (const kind of ['monitor', 'dashboard'] as const)
      for (const kept of api.kept[kind]) expect(faultsOf(kind, kept)).toEqual([]);
  });
});

/** Every field with the type of its value; null may stand for any. */
function shape(value: unknown): unknown {
  if (value === null) return expect.anything();
  if (Array.isArray(value) || typeof value !== 'object') return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([name, field]) => [name, shape(field)]),
  );
}

describe('plan', () => {
  test('of nothing: three to create, nothing written, 2', async () => {
    const { api, ask } = await datadog();
    const { exit, stdout, stderr } = await ask(['plan', ...PROD]);
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: '' });
    expect(stdout).toContain('3 to create, 0 to change, 0 as declared');
    expect(writes(api)).toEqual([]);
    expect(api.asked.filter((it) => it.endsWith('/validate'))).toHaveLength(2);
  });

  test('after apply: as declared, 0', async () => {
    const { api, ask } = await applied();
    const { exit, stdout } = await ask(['plan', ...PROD]);
    expect(exit).toBe(0);
    expect(stdout).toContain('0 to create, 0 to change, 3 as declared');
    expect(api.asked.every((it) => it.startsWith('GET '))).toBe(true);
  });

  test('of a monitor that somebody edited: what is there, what is ours, 2', async () => {
    const { api, ask } = await applied();
    edit(api, (options) => ({
      options: { ...options, timeout_h: 24, thresholds: { critical: 5, warning: 3 } },
    }));
    const { exit, stdout } = await ask(['plan', ...PROD]);
    expect(exit).toBe(2);
    expect(stdout).toContain(
      '~ monitor    is different  107235710  https://app.datadoghq.com/monitors/107235710',
    );
    expect(stdout).toMatch(/options\.thresholds\.critical\n {8}there {2}5\n {8}ours {3}1\n/);
    expect(stdout).toMatch(/options\.thresholds\.warning\n {8}there {2}3\n {8}ours {3}\(nothing\)\n/);
    expect(stdout).toMatch(/options\.timeout_h\n {8}there {2}24\n {8}ours {3}0\n/);
  });

  test('of a dashboard with a widget more', async () => {
    const { api, ask } = await applied();
    const [dashboard] = api.kept.dashboard as unknown as { widgets: object[] }[];
    dashboard?.widgets.push({ definition: { type: 'note', content: 'mine' }, id: 1 });
    const { exit, stdout } = await ask(['plan', ...PROD]);
    expect(exit).toBe(2);
    expect(stdout).toContain(`widgets[${dashboardFile.widgets.length}]`);
  });

  test('shows the text of somebody else inert', async () => {
    const { api, ask } = await applied();
    edit(api, () => ({ name: '\u001b[2Jgone\u202e\nscan-response: 0 to change' }));
    const { stdout } = await ask(['plan', ...PROD]);
    expect(stdout).toContain('gone');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  test('with --json says the same to programs', async () => {
    const { api, ask } = await applied();
    edit(api, () => ({ priority: 5 }));
    const { exit, stdout } = await ask(['plan', ...PROD, '--json']);
    expect(exit).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ schema: 'scan-response.datadog/v1', action: 'plan', site: 'datadoghq.com' },
      deployment: 'scan-response-prod-eu-west-1',
      resources: [
        {
          key: 'monitor',
          state: 'different',
          id: '107235710',
          differences: [{ path: 'priority', there: 5, ours: 2 }],
        },
        { key: 'watchdog', state: 'same' },
        { key: 'dashboard', state: 'same' },
      ],
    });
  });
});

describe('apply', () => {
  test('creates the three, with both keys, and says where they are', async () => {
    const { api, ask } = await datadog();
    const { exit, stdout } = await ask(['apply', ...PROD, '--notify', '@slack-security,@you@example.com']);
    expect(exit).toBe(0);
    expect(stdout).toContain('+ monitor    created  107235710  https://app.datadoghq.com/monitors/107235710');
    expect(writes(api)).toEqual(['POST /api/v1/monitor', 'POST /api/v1/monitor', 'POST /api/v1/dashboard']);
    for (const { headers } of api.requests)
      expect(headers).toMatchObject({ 'dd-api-key': API_KEY, 'dd-application-key': APP_KEY });
    expect(api.kept.monitor.map(({ message }) => String(message).split('\n').at(-1))).toEqual(
      Array(2).fill('@slack-security @you@example.com'),
    );
    expect(api.kept.monitor[1]).toMatchObject({
      query: 'max(last_15m):max:scan_response.heartbeat{deployment:scan-response-prod-eu-west-1} < 1',
    });
  });

  test('twice writes nothing', async () => {
    const { api, ask } = await applied('--notify', '@slack-security');
    expect(await ask(['apply', ...PROD, '--notify', '@slack-security'])).toMatchObject({
      exit: 0,
      stderr: '',
    });
    expect(api.asked.every((it) => it.startsWith('GET '))).toBe(true);
  });

  test('puts back what was edited, and leaves alone what others added', async () => {
    const { api, ask } = await applied();
    edit(api, (options) => ({
      tags: ['team:blue', ...monitorFile.tags],
      options: { ...options, renotify_interval: 60, escalation_message: 'wake up', silenced: { '*': null } },
    }));
    expect(await ask(['apply', ...PROD, '--notify', 'none'])).toMatchObject({ exit: 0 });
    expect(writes(api)).toEqual(['PUT /api/v1/monitor/107235710']);
    expect(JSON.parse(api.requests.at(-1)?.body ?? '')).not.toHaveProperty('options.silenced');
    expect(api.kept.monitor[0]).toMatchObject({
      tags: ['team:blue', ...monitorFile.tags],
      options: { ...monitorFile.options, escalation_message: 'wake up' },
    });
    expect((await ask(['plan', ...PROD])).exit).toBe(0);
  });

  test('keeps the team of a dashboard that it puts back', async () => {
    const { api, ask } = await applied();
    Object.assign(api.kept.dashboard[0] ?? {}, { title: 'mine', tags: ['team:blue'] });
    expect((await ask(['apply', ...PROD])).exit).toBe(0);
    expect(writes(api)).toEqual(['PUT /api/v1/dashboard/abc-def-0']);
    expect(api.kept.dashboard[0]).toMatchObject({ title: dashboardFile.title, tags: ['team:blue'] });
  });

  test('a second deployment has a watchdog of its own, and shares the rest', async () => {
    const { api, ask } = await applied();
    expect((await ask(['apply', '--stage', 'dev', '--region', 'us-east-1'])).exit).toBe(0);
    expect(writes(api)).toEqual(['POST /api/v1/monitor']);
    expect(api.kept.monitor.at(-1)).toMatchObject({
      query: expect.stringContaining('{deployment:scan-response-dev-us-east-1}'),
    });
  });

  test('a monitor that came back as a metric alert is the same', async () => {
    const { api, ask } = await applied();
    edit(api, () => ({ type: 'metric alert' }));
    expect((await ask(['plan', ...PROD])).exit).toBe(0);
  });

  test('does not stop telling somebody because an option was left out', async () => {
    const { api, ask } = await applied('--notify', '@slack-security');
    const { exit, stderr } = await ask(['apply', ...PROD]);
    expect(exit).toBe(1);
    expect(stderr).toContain('would not tell @slack-security any more: say --notify "@slack-security", or');
    expect(writes(api)).toEqual([]);
    expect((await ask(['apply', ...PROD, '--notify', 'none'])).exit).toBe(0);
    expect(writes(api)).toHaveLength(2);
  });

  test.each(['monitor', 'dashboard'] as const)('stops at two of a %s, with their ids', async (kind) => {
    const { api, ask } = await applied();
    const [first] = api.kept[kind];
    if (!first) throw new Error('nothing was applied');
    api.kept[kind].push({ ...first, id: kind === 'monitor' ? 42 : 'xyz-xyz-xyz' });
    edit(api, () => ({ priority: 5 }));
    const { exit, stderr } = await ask(['apply', ...PROD]);
    expect(exit).toBe(3);
    for (const id of [String(first.id), kind === 'monitor' ? '42' : 'xyz-xyz-xyz'])
      expect(stderr).toContain(`      ${id}  https://`);
    expect(stderr).toContain('keep one: delete the others');
    expect(stderr).toContain('nothing was changed');
    expect(writes(api)).toEqual([]);
    expect((await ask(['plan', ...PROD])).exit).toBe(3);
  });

  test('knows its own among hundreds of others', async () => {
    const { api, ask } = await applied();
    const [monitor] = api.kept.monitor;
    const [dashboard] = api.kept.dashboard;
    const others = Array.from({ length: 250 }, (_, nth) => nth);
    const similar = 'managed_by:scan-responses dashboard_key:vulnerabilities';
    api.kept.dashboard.unshift(
      ...others.map((nth) => ({ ...dashboard, id: `o-${nth}`, description: similar })),
    );
    api.kept.monitor.unshift(
      ...others.map((nth) => ({ ...monitor, id: nth, tags: ['managed_by:scan-response'] })),
    );
    expect((await ask(['plan', ...PROD])).exit).toBe(0);
    expect(api.asked.filter((it) => it.startsWith('GET /api/v1/dashboard?'))).toHaveLength(3);
  });
});

describe('what goes wrong', () => {
  const json = { 'content-type': 'application/json' };

  test.each<[string, LocalResponse, readonly string[]]>([
    [
      '403',
      { status: 403, headers: json, body: `{"errors":["Forbidden for ${APP_KEY} and ${API_KEY}"]}` },
      ['Datadog answered 403: Forbidden', 'DD_SITE', 'monitors_write', 'dashboards_write'],
    ],
    [
      '413 in HTML',
      { status: 413, headers: { 'content-type': 'text/html' }, body: '<h1>\u001b[2JToo big</h1>' },
      ['Datadog answered 413: <h1>\ufffd[2JToo big</h1>'],
    ],
    [
      'a page instead of JSON',
      { status: 200, headers: json, body: '<html>' },
      ['something that is not JSON'],
    ],
    ['no list', { status: 200, headers: json, body: '{}' }, ['something that is not a list']],
    [
      '429 for an hour',
      { status: 429, headers: { ...json, 'x-ratelimit-reset': '3600' }, body: '{"errors":["slow"]}' },
      ['Datadog answered 429: slow; it asks to come back in 3600 s'],
    ],
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/' } }, ['Datadog answered 307']],
  ])('%s is told with 5, and no key', async (_what, reply, words) => {
    const { api, ask } = await datadog();
    api.plan(reply);
    const { exit, stdout, stderr } = await ask(['apply', ...PROD]);
    expect({ exit, stdout }).toEqual({ exit: 5, stdout: '' });
    for (const it of words) expect(stderr).toContain(it);
    for (const key of [API_KEY, APP_KEY]) expect(stderr).not.toContain(key.slice(0, 8));
    expect(api.asked).toHaveLength(1);
  });

  test.each<[string, LocalResponse, number]>([
    ['429 for a second', { status: 429, headers: { 'x-ratelimit-reset': '1' } }, 1],
    ['500', { status: 500 }, 2],
    ['502', { status: 502 }, 1],
    ['a lost connection', dropped, 1],
  ])('%s while it reads is tried again', async (_what, reply, times) => {
    const { api, ask } = await datadog();
    api.plan(reply, times);
    const { exit, tookMs } = await ask(['plan', ...PROD]);
    expect(exit).toBe(2);
    if (reply.status === 429) expect(tookMs).toBeGreaterThan(1000);
  });

  test('500 for ever is given up after four tries', async () => {
    const { api, ask } = await datadog();
    api.plan({ status: 500, body: '<html>down</html>' }, 9);
    const { exit, stderr } = await ask(['plan', ...PROD]);
    expect(exit).toBe(5);
    expect(stderr).toContain('Datadog answered 500');
    expect(api.asked).toHaveLength(4);
  });

  test('a creation whose answer was lost is not tried again, and said', async () => {
    const { api, ask } = await datadog();
    api.plan({ status: 200, headers: json, body: '{}', path: '/api/v1/monitor/validate' }, 2);
    api.plan({ ...replyLost, path: '/api/v1/monitor', method: 'POST' });
    const { exit, stderr } = await ask(['apply', ...PROD]);
    expect(exit).toBe(5);
    expect(stderr).toContain('it may be done all the same: look with datadog plan before you apply again');
    expect(writes(api)).toEqual(['POST /api/v1/monitor']);
    const again = await ask(['plan', ...PROD]);
    expect(again.stdout).toContain('2 to create, 0 to change, 1 as declared');
  });

  test('what Datadog says of a definition is told, and nothing is written', async () => {
    const { api, ask } = await datadog();
    const says = `The value provided for parameter 'query' is invalid:\u001b[31m ${API_KEY}`;
    api.plan({
      status: 400,
      headers: json,
      body: JSON.stringify({ errors: [says] }),
      path: '/api/v1/monitor/validate',
    });
    const { exit, stderr } = await ask(['apply', ...PROD]);
    expect(exit).toBe(5);
    expect(stderr).toBe(
      "scan-response: monitor: Datadog answered 400: The value provided for parameter 'query' is invalid:\ufffd[31m (key)\n",
    );
    expect(writes(api)).toEqual([]);
  });

  test('a failure half-way says what is done', async () => {
    const { api, ask } = await datadog();
    api.plan({
      status: 403,
      headers: json,
      body: '{"errors":["Forbidden"]}',
      path: '/api/v1/dashboard',
      method: 'POST',
    });
    const { exit, stderr } = await ask(['apply', ...PROD]);
    expect(exit).toBe(5);
    expect(stderr).toContain('dashboard: Datadog answered 403: Forbidden');
    expect(stderr).toContain('+ watchdog   created');
    expect((await ask(['apply', ...PROD])).exit).toBe(0);
    expect(writes(api)).toEqual(['POST /api/v1/dashboard']);
  });

  test('nobody listens, behind a proxy that Node does not use', async () => {
    const { ask } = await datadog();
    const { url, close } = await serve(() => ({ status: 200 }));
    await close();
    const proxy = { SCAN_RESPONSE_DATADOG_URL: url, HTTPS_PROXY: 'http://proxy.example.com:3128' };
    const { exit, stderr } = await ask(['plan', ...PROD], proxy);
    expect(exit).toBe(5);
    expect(stderr).toContain('no connection to Datadog: ECONNREFUSED');
    expect(stderr).toContain('NODE_USE_ENV_PROXY=1');
  });
});
