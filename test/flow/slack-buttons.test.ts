import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { type PackagedService, packageService } from '../../local/package.ts';
import { type SlackSees, sendFromSlack } from '../../local/slack-sends.ts';
import { EVERY_FUNCTION } from '../contract/whole.ts';
import { basicFindings } from './findings.ts';
import { type Flow, startFlow } from './stack.ts';

const TOKEN = '/scan-response/dev/slack-webhook-url';
const CHANNEL = 'C0LOCAL001';
const MEMBER = { id: 'U0LOCAL001', name: 'anna' };
const STRANGER = { id: 'U0LOCAL002', name: 'ben' };

interface Button {
  readonly action_id: string;
  readonly value: string;
}

let packaged: PackagedService;
let flow: Flow;

beforeAll(async () => {
  const params = { ...EVERY_FUNCTION, slackUserGroup: 'S0LOCAL001' };
  packaged = await packageService({ root: process.cwd(), params });
  const environment = { SCAN_RESPONSE_SLACK_CHANNEL: CHANNEL, SCAN_RESPONSE_RENOTIFY_AFTER_SECONDS: '1' };
  flow = await startFlow({ packaged, environment });
  flow.stack.parameters.set(TOKEN, flow.stack.slack.workspace.token);
});
afterAll(async () => {
  await flow?.stop();
  await packaged?.dispose();
});

/** One image with critical findings, until the channel has heard of it; `look` has it looked at again. */
async function told(repository: string) {
  const { digest } = flow.push(repository);
  const look = async () => {
    flow.scan(repository, digest, basicAnswer(basicFindings('CRITICAL', 2)));
    await flow.settled(repository);
  };
  await look();
  return { look };
}

function messagesAbout(repository: string) {
  return flow.stack.slack.workspace.messages.filter((it) => JSON.stringify(it.blocks).includes(repository));
}

/** The first message about a repository, and the button below it. */
function shownButton(repository: string, id: string) {
  const [message] = messagesAbout(repository);
  const buttons = (message?.blocks ?? []).flatMap((it) => (Object(it).elements ?? []) as Button[]);
  return { message, button: buttons.find(({ action_id }) => action_id === id) };
}

let sent = 0;

function send(payload: object): Promise<SlackSees | undefined> {
  sent += 1;
  const { gateway, slack } = flow.stack;
  const fields = { payload: JSON.stringify({ ...payload, token: `${sent}` }) };
  return sendFromSlack(slack.workspace, { to: gateway?.url ?? '', kind: 'interaction', fields });
}

function press(repository: string, id: string, user = MEMBER) {
  const { message, button } = shownButton(repository, id);
  const { ts, text, blocks } = message ?? expect.fail(`no message about ${repository}`);
  const channel = { id: CHANNEL };
  const common = { type: 'block_actions', user, channel, trigger_id: '1.2.abc', actions: [button] };
  return send({ ...common, message: { ts, text, blocks } });
}

const acked = async (repository: string) =>
  (await flow.items('ledger', repository)).filter(({ sk }) => `${sk}`.startsWith('ACK#'));

describe('below an alert', () => {
  test('acknowledge: the ledger knows, the message shows it, and nobody is reminded', async () => {
    const { look } = await told('buttons/known');
    const other = await told('buttons/unknown');
    expect(await press('buttons/known', 'acknowledge', STRANGER)).toMatchObject({
      status: 200,
      body: undefined,
    });
    expect(await acked('buttons/known')).toMatchObject([{ sk: 'ACK#latest', by: STRANGER.id }]);
    const [message] = messagesAbout('buttons/known');
    expect(JSON.stringify(message?.blocks)).toContain(`{"type":"user","user_id":"${STRANGER.id}"}`);
    expect(shownButton('buttons/known', 'acknowledge').button).toBeUndefined();
    expect(shownButton('buttons/known', 'ignore').button).toBeDefined();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await Promise.all([look(), other.look()]);
    expect(flow.got('buttons/known').decisions.at(-1)).toBe('silence: unchanged');
    expect(flow.got('buttons/unknown').decisions.at(-1)).toBe('notice: reminder-due');
  });

  test('ignore: a form for a member, a version of the policy, and a word in the thread', async () => {
    await told('buttons/ignore');
    const { views, ephemerals } = flow.stack.slack.workspace;
    expect(await press('buttons/ignore', 'ignore', STRANGER)).toMatchObject({ status: 200, body: undefined });
    expect(JSON.stringify(ephemerals.at(-1))).toContain('Only members of the user group');
    expect(views).toEqual([]);

    expect(await press('buttons/ignore', 'ignore')).toMatchObject({ status: 200, body: undefined });
    const view = Object(views.at(-1)?.view);
    const cve: string = view.blocks[0].element.options[0].value;
    const form = (expires: string, user = MEMBER) => {
      const chosen = (value: string) => ({ it: { selected_option: { value } } });
      const values = {
        ...{ cve: chosen(cve), where: chosen('here'), package: { it: { value: null } } },
        ...{
          reason: { it: { value: 'not reachable <!channel>' } },
          expires: { it: { selected_date: expires } },
        },
      };
      return send({ type: 'view_submission', user, view: { ...view, state: { values } } });
    };
    const soon = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
    expect(await form('2020-01-01')).toMatchObject({
      body: { response_action: 'errors', errors: { expires: 'is over already' } },
    });
    expect(JSON.stringify((await form(soon, STRANGER))?.body)).toContain('Only members of the user group');
    expect(await form(soon)).toMatchObject({ body: { response_action: 'update' } });
    expect(await policy()).toMatchObject([
      {
        number: 1,
        by: 'slack:U0LOCAL001 (anna)',
        document: {
          ignore: [{ cve, repository: 'buttons/ignore', expires: soon, by: 'slack:U0LOCAL001 (anna)' }],
        },
      },
    ]);
    const replies = messagesAbout('buttons/ignore').filter(({ thread_ts: thread }) => thread !== undefined);
    expect(JSON.stringify(replies)).toContain('not reachable <!channel>');
    expect(JSON.stringify(replies)).not.toContain('mrkdwn');
  });

  test('while Slack is down an acknowledgement is kept', async () => {
    await told('buttons/down');
    const button = shownButton('buttons/down', 'acknowledge');
    expect(button.button).toBeDefined();
    // The update of the message, and the word that it could not be made.
    flow.stack.slack.plan({ status: 500, body: 'down', path: '/api/chat.' }, 2);
    expect(await press('buttons/down', 'acknowledge')).toMatchObject({ status: 200 });
    expect(await acked('buttons/down')).toMatchObject([{ by: MEMBER.id }]);
  });
});

/** The versions of the policy in the ledger. */
async function policy() {
  const items = (await flow.items('ledger', 'POLICY')).filter(({ sk }) => `${sk}`.startsWith('V#'));
  return items.map(({ document, ...rest }) => ({ ...rest, document: JSON.parse(String(document)) }));
}
