import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { type PackagedService, packageService } from '../../local/package.ts';
import { type SlackSees, sendFromSlack } from '../../local/slack-sends.ts';
import { slackHeaders } from '../../local/slack-signature.ts';
import { EVERY_FUNCTION } from '../contract/whole.ts';
import { bundledCli } from '../doubles/cli.ts';
import { basicFindings } from './findings.ts';
import { type Flow, startFlow } from './stack.ts';

const SIGNING = EVERY_FUNCTION.slackSigningSecretParameter;
const TOKEN = '/scan-response/dev/slack-webhook-url';
const BERLIN = 'U0LOCAL001';

const cli = bundledCli();
let packaged: PackagedService;
let flow: Flow;

beforeAll(async () => {
  packaged = await packageService({ root: process.cwd(), reuse: true, params: EVERY_FUNCTION });
  flow = await startFlow({ packaged, environment: { SCAN_RESPONSE_SLACK_CHANNEL: 'C0LOCAL001' } });
  flow.stack.parameters.set(TOKEN, flow.stack.slack.workspace.token);
  for (const [nth, tag] of ['latest', 'latest', 'other'].entries()) {
    const { digest } = flow.push('slack/shop', { tags: [tag], seed: `shop ${nth}` });
    flow.scan('slack/shop', digest, basicAnswer(basicFindings('CRITICAL', 2)));
  }
  await flow.settled('slack/shop');
});
afterAll(async () => {
  await flow?.stop();
  await packaged?.dispose();
});

let asked = 0;

function ask(text: string, user = BERLIN, headers = {}): Promise<SlackSees | undefined> {
  asked += 1;
  const fields = { command: '/lineage', text, user_id: user, trigger_id: `${asked}.1.a` };
  const { gateway, slack } = flow.stack;
  return sendFromSlack(slack.workspace, { to: gateway?.url ?? '', kind: 'command', fields, headers });
}

/** The same question in a terminal. */
async function terminal(args: readonly string[]): Promise<string> {
  const { dynamodb, tables } = flow.stack;
  const { stdout, stderr } = await cli(args, {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    SCAN_RESPONSE_LINEAGE_TABLE: tables.lineage,
    SCAN_RESPONSE_LEDGER_TABLE: tables.ledger,
  });
  return (stdout || stderr.replace(/^scan-response: /, '')).trimEnd();
}

/** What stands in the answer in a fixed pitch. */
function answerIn(seen: SlackSees | undefined): string {
  const { blocks = [] } = Object(seen?.body);
  const texts = (blocks as { elements: { elements?: { text: string }[] }[] }[]).flatMap(({ elements }) =>
    elements.flatMap(({ elements: inner = [] }) => inner.map(({ text }) => text)),
  );
  return texts.join('\n');
}

/** A minute may pass between the two answers. */
const timeless = (text: string) =>
  text.replaceAll(/just now|\d+ min ago/g, 'then').replaceAll(/\d\d:\d\d:\d\d/g, '');

describe('through the gateway, the packaged function says what the command line says', () => {
  test.each<[string, readonly string[]]>([
    ['slack/shop:latest', ['who', 'slack/shop:latest']],
    ['slack/shop:latest~1', ['who', 'slack/shop:latest~1']],
    ['slack/shop:latest --findings', ['who', 'slack/shop:latest', '--findings']],
    ['history slack/shop:latest', ['history', 'slack/shop:latest']],
    ['diff slack/shop:latest~1 slack/shop:latest', ['diff', 'slack/shop:latest~1', 'slack/shop:latest']],
    ['CVE-2026-10000', ['cve', 'CVE-2026-10000']],
    ['service shop/api', ['service', 'shop/api']],
    ['slack/nobody:latest', ['who', 'slack/nobody:latest']],
    ['slack/shop:latest nonsense', ['who', 'slack/shop:latest', '--at', 'nonsense']],
  ])('%s', async (text, args) => {
    const seen = await ask(text);
    const said = await terminal([...args, ...(args[0] === 'cve' ? [] : ['--tz', 'Europe/Berlin'])]);
    expect(seen).toMatchObject({ status: 200, body: { response_type: 'ephemeral' } });
    expect(timeless(answerIn(seen))).toBe(timeless(said));
    expect(said.length).toBeGreaterThan(20);
  });

  test('for the channel, in the zone of who asks', async () => {
    const seen = await ask('slack/shop:latest share', 'U0LOCAL002');
    expect(seen).toMatchObject({ status: 200, body: { response_type: 'in_channel' } });
    expect(answerIn(seen)).toMatch(/asked for .* GMT\+9 /);
    expect(JSON.stringify(seen?.body)).toContain('Asia/Tokyo, your zone in Slack');
  });

  test('in UTC where Slack does not say, which is said', async () => {
    const { scopes } = flow.stack.slack.workspace;
    scopes.delete('users:read');
    const seen = await ask('slack/shop:latest', 'U0LOCAL009');
    scopes.add('users:read');
    expect(answerIn(seen)).toMatch(/asked for .* UTC /);
    expect(JSON.stringify(seen?.body)).toContain('--tz Europe/Berlin takes another zone');
  });

  test('help', async () => {
    expect(answerIn(await ask('help'))).toContain('/lineage CVE-2026-1234');
  });
});

describe('at the door', () => {
  test('the same request again: an empty answer, and nothing is asked', async () => {
    const { signingSecret } = flow.stack.slack.workspace;
    const body = `user_id=${BERLIN}&text=help&trigger_id=again`;
    const signed = slackHeaders(body, signingSecret, String(Math.floor(Date.now() / 1000)));
    const headers = { ...signed, 'content-type': 'application/x-www-form-urlencoded' };
    const send = async () => {
      const url = `${flow.stack.gateway?.url}/slack/command`;
      const response = await fetch(url, { method: 'POST', headers, body });
      return [response.status, (await response.text()) !== ''];
    };
    expect(await send()).toEqual([200, true]);
    expect(await send()).toEqual([200, false]);
    expect(await send()).toEqual([200, false]);
  });

  test.each([
    ['another signature', { 'x-slack-signature': `v0=${'0'.repeat(64)}` }],
    ['an old timestamp', { 'x-slack-request-timestamp': '1531420618' }],
    ['no form of a signature', { 'x-slack-signature': 'v1=x' }],
  ])('%s: 401, without a word', async (_, headers) => {
    expect(await ask('help', BERLIN, headers)).toMatchObject({ status: 401, body: undefined });
  });

  test('what the log keeps of it: who was refused and why, and nothing of what was asked', () => {
    const lines = flow.stack.logs.filter(({ functionName }) => functionName.endsWith('slack-asked'));
    const outcomes = new Set(lines.map(({ line }) => Object(line).outcome));
    expect([...outcomes]).toEqual(
      expect.arrayContaining(['answered', 'repeated', 'signature-mismatch', 'too-old', 'signature-form']),
    );
    const text = JSON.stringify(lines);
    expect(text).not.toMatch(/slack\/shop|nobody|U0LOCAL/);
    expect(text).not.toContain(flow.stack.slack.workspace.signingSecret);
  });
});

test('a signing secret of another form, or none: closed, and the log says what to do', async () => {
  const other = await startFlow({ packaged });
  const closed = async () => {
    const fields = { user_id: BERLIN, text: 'help', trigger_id: `${Date.now()}` };
    const to = other.stack.gateway?.url ?? '';
    const sent = await sendFromSlack(flow.stack.slack.workspace, { to, kind: 'command', fields });
    return sent?.status;
  };
  try {
    other.stack.parameters.set(SIGNING, 'https://hooks.slack.com/services/x');
    expect(await closed()).toBe(503);
    expect(JSON.stringify(other.stack.logs)).toContain('does not hold the app');
  } finally {
    await other.stop();
  }
});
