import { describe, expect, test } from 'vitest';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { parseInstant } from '../../../lib/instant.ts';
import type { OpenFindings } from '../../../lib/policy/open-findings.ts';
import { BUTTONS_BLOCK, buttonsBlock } from '../../../lib/sinks/slack/buttons.ts';
import { answerSlack, type DoorPorts } from '../../../lib/slack-door/answer.ts';
import { isAcknowledged } from '../../../lib/store/acknowledged.ts';
import { saveOpenFindings } from '../../../lib/store/open-findings.ts';
import { listPolicies, loadPolicy } from '../../../lib/store/policy.ts';
import { saveScan } from '../../../lib/store/scan.ts';
import { anImageOf, at } from '../../build/lineage.ts';
import { aFinding, aNotice, aSubject } from '../../build/notice.ts';
import { aScan } from '../../build/scan.ts';
import { openTables, type Tables } from '../../doubles/dynamodb.ts';
import { doorPorts, knockWith } from '../../doubles/slack-door.ts';

const NOTICE = aNotice({ key: 'open-1', references: ['latest'] });
const { image } = NOTICE.subject;
const ANNA = { id: 'U0ANNA0001', name: 'anna' };
const BEN = { id: 'U0BEN00001', name: 'ben' };

type Called = readonly [method: string, parameters: Readonly<Record<string, unknown>>];

/** The door over tables of its own, in which one image has two open findings, and what Slack was asked. */
async function scene(changes: Partial<DoorPorts> = {}) {
  const tables = await openTables();
  const open: OpenFindings = {
    ...{ reference: 'latest', digest: image.digest, pushedAt: at('02:00'), scanKey: 'scan' },
    ...{ ids: ['CVE-2026-1', 'CVE-2026-2'], readAt: at('03:00'), openedAt: at('03:00') },
    ...{ toldAt: at('03:00'), toldAs: 'open-1' },
  };
  await saveOpenFindings(tables.ledger, image.repository, open);
  const findings = [
    aFinding({ id: untrusted('CVE-2026-2'), severity: 'HIGH' }),
    aFinding({ id: untrusted('CVE-2026-1'), severity: 'CRITICAL' }),
  ];
  await saveScan(tables.ledger, aSubject({ image }), 'scan', aScan({ findings }));
  const called: Called[] = [];
  const ports = doorPorts(tables, {
    now: () => new Date(at('04:00')),
    membershipOf: async (userId) => (userId === ANNA.id ? 'member' : 'stranger'),
    call: async (method, parameters) => {
      called.push([method, parameters]);
      return { ok: true, body: {} };
    },
    ...changes,
  });
  return { tables, called, ports, open };
}

let sent = 0;

function send(payload: object, ports: DoorPorts) {
  sent += 1;
  const fields = { payload: JSON.stringify({ ...payload, token: `${sent}` }) };
  return answerSlack('interaction', knockWith(fields), Date.now(), ports);
}

/** A press of a button below the notice. */
function press(actionId: string, changes: object = {}) {
  const [block] = [buttonsBlock(NOTICE, 'acknowledge-and-ignore') ?? expect.fail('no buttons')];
  const button = block.elements.find((it) => it.action_id === actionId);
  return {
    type: 'block_actions',
    user: ANNA,
    channel: { id: 'C0LOCAL001', name: 'alerts' },
    message: { ts: '1763780000.000100', text: 'fallback', blocks: [{ type: 'divider' }, block] },
    trigger_id: '1.2.abc',
    actions: [{ ...button, action_ts: '1' }],
    ...changes,
  };
}

/** The form as somebody sends it. */
function form(values: Readonly<Record<string, string>> = {}, user = ANNA) {
  const told = JSON.parse(String(press('ignore').actions[0]?.['value' as never]));
  const {
    cve = 'CVE-2026-1',
    where = 'here',
    name = '',
    reason = 'no shell',
    expires = '2026-12-24',
  } = values;
  const chosen = (value: string) => ({ it: { type: 'static_select', selected_option: { value } } });
  const place = { told, channel: 'C0LOCAL001', ts: '1763780000.000100' };
  return {
    type: 'view_submission',
    user,
    view: {
      callback_id: 'ignore',
      private_metadata: JSON.stringify(place),
      state: {
        values: {
          ...{ cve: chosen(cve), where: chosen(where), package: { it: { value: name || null } } },
          ...{ reason: { it: { value: reason } }, expires: { it: { selected_date: expires } } },
        },
      },
    },
  };
}

const known = ({ ledger }: Tables, open: OpenFindings) =>
  isAcknowledged(ledger, image.repository, [{ reference: 'latest', open }], open.ids);

describe('acknowledge', () => {
  test('is written down, and the message says who and when', async () => {
    const { tables, called, ports, open } = await scene();
    expect(await known(tables, open)).toBe(false);
    expect(await send(press('acknowledge'), ports)).toEqual({ status: 200, outcome: 'answered' });
    expect(await known(tables, open)).toBe(true);
    const [[method, { channel, ts, blocks }] = ['', {}]] = called;
    expect([method, channel, ts]).toEqual(['chat.update', 'C0LOCAL001', '1763780000.000100']);
    expect(blocks).toEqual([
      { type: 'divider' },
      {
        type: 'actions',
        block_id: BUTTONS_BLOCK,
        elements: [expect.objectContaining({ action_id: 'ignore' })],
      },
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'text', text: 'Acknowledged by ' },
              { type: 'user', user_id: ANNA.id },
              { type: 'text', text: ' at 2026-11-20 04:00 UTC.' },
            ],
          },
        ],
      },
    ]);
  });

  test('whoever was first has said it, however often it is pressed', async () => {
    const { called, ports } = await scene();
    await send(press('acknowledge'), ports);
    await send(press('acknowledge', { user: BEN }), ports);
    expect(JSON.stringify(called[1])).toContain(ANNA.id);
    expect(JSON.stringify(called[1])).not.toContain(BEN.id);
  });

  test('what something else took the place of is not acknowledged', async () => {
    const { tables, called, ports, open } = await scene();
    const later = { ...open, readAt: at('05:00'), ids: ['CVE-2026-3'], toldAs: 'open-2' };
    await saveOpenFindings(tables.ledger, image.repository, later);
    await send(press('acknowledge'), ports);
    expect(called.map(([method]) => method)).toEqual(['chat.postEphemeral']);
    expect(JSON.stringify(called)).toContain('look at the newest alert');
    expect(await known(tables, later)).toBe(false);
  });

  test('when Slack does not show it, it is written down all the same', async () => {
    const failure = { state: 'refused', why: 'down' } as const;
    const { tables, ports, open } = await scene({ call: async () => ({ ok: false, failure }) });
    expect(await send(press('acknowledge'), ports)).toMatchObject({ status: 200, outcome: 'answered' });
    expect(await known(tables, open)).toBe(true);
  });
});

test('when the tables are down, Slack says that it failed, and a second press is one of its own', async () => {
  const down = () => Promise.reject(new Error('down'));
  const { tables, ports, open } = await scene();
  expect(await send(press('acknowledge'), { ...ports, loadOpenFindings: down })).toMatchObject({
    status: 503,
    outcome: 'failed',
  });
  expect(await send(form(), { ...ports, loadPolicy: down })).toMatchObject({
    status: 503,
    outcome: 'failed',
  });
  await send(press('acknowledge'), ports);
  expect(await known(tables, open)).toBe(true);
});

describe('ignore', () => {
  test('opens a form with the worst finding first, to a member', async () => {
    const { called, ports } = await scene();
    expect(await send(press('ignore'), ports)).toEqual({ status: 200, outcome: 'answered' });
    const [[method, { trigger_id: trigger, view }] = ['', {}]] = called;
    expect([method, trigger]).toEqual(['views.open', '1.2.abc']);
    const [cve] = Object(view).blocks;
    expect(cve.element.options.map(({ value }: { value: string }) => value)).toEqual([
      'CVE-2026-1',
      'CVE-2026-2',
    ]);
  });

  test.each([
    ['a stranger', 'stranger', /Only members/],
    ['anybody where no group is named', 'off', /Nobody may ignore/],
    ['anybody where Slack does not say', 'unknown', /did not say/],
  ] as const)('not to %s, neither the form nor what it sends', async (_, membership, words) => {
    const { tables, called, ports } = await scene({ membershipOf: async () => membership });
    await send(press('ignore'), ports);
    expect(called.map(([method]) => method)).toEqual(['chat.postEphemeral']);
    expect(JSON.stringify(called)).toMatch(words);
    const { body } = await send(form(), ports);
    expect(JSON.stringify(body)).toMatch(words);
    expect(await loadPolicy(tables.ledger)).toBeUndefined();
  });

  test('becomes the next version of the policy, with its author, and its thread says so', async () => {
    const { tables, called, ports } = await scene();
    const { body } = await send(form({ name: 'openssl*' }), ports);
    expect(body).toMatchObject({ response_action: 'update', view: { type: 'modal' } });
    expect(await loadPolicy(tables.ledger)).toMatchObject({
      number: 1,
      by: 'slack:U0ANNA0001 (anna)',
      document: {
        version: 1,
        ignore: [
          {
            cve: 'CVE-2026-1',
            package: 'openssl*',
            repository: image.repository.name,
            reason: 'no shell',
            expires: '2026-12-24',
            by: 'slack:U0ANNA0001 (anna)',
            since: '2026-11-20T04:00:00.000Z',
          },
        ],
      },
    });
    const [[method, { thread_ts: thread }] = ['', {}]] = called;
    expect([method, thread]).toEqual(['chat.postMessage', '1763780000.000100']);
  });

  test('everywhere, beside what others applied meanwhile', async () => {
    const { tables, ports } = await scene();
    let isFirst = true;
    const savePolicy: DoorPorts['savePolicy'] = async (policy, before) => {
      if (isFirst) {
        isFirst = false;
        const other = { number: 1, hash: 'x', at: parseInstant('2026-11-20T03:59:00.000Z') };
        await ports.savePolicy({ ...other, document: { version: 1, notifyAt: 'HIGH' } }, undefined);
      }
      return ports.savePolicy(policy, before);
    };
    await send(form({ where: '*' }), { ...ports, savePolicy });
    const versions = await listPolicies(tables.ledger);
    expect(versions.map(({ number, document }) => [number, document.notifyAt])).toEqual([
      [1, 'HIGH'],
      [2, 'HIGH'],
    ]);
    expect(versions[1]?.document.ignore).toMatchObject([{ cve: 'CVE-2026-1' }]);
    expect(versions[1]?.document.ignore?.[0]?.repository).toBeUndefined();
  });

  test('when others are always faster, who sent it is told, and nothing is written', async () => {
    const { tables, ports } = await scene();
    const { body } = await send(form(), { ...ports, savePolicy: async () => false });
    expect(body).toMatchObject({
      response_action: 'errors',
      errors: { reason: expect.stringMatching(/Others/) },
    });
    expect(await loadPolicy(tables.ledger)).toBeUndefined();
  });

  test('the same twice is one version', async () => {
    const { tables, ports } = await scene();
    await send(form(), ports);
    const { body } = await send(form({ reason: 'again' }), ports);
    expect(JSON.stringify(body)).toContain('has this rule already');
    expect(await listPolicies(tables.ledger)).toHaveLength(1);
  });

  test.each([
    ['no reason', { reason: '   ' }, 'reason', /is empty/],
    ['a day that is over', { expires: '2026-11-19' }, 'expires', /over already/],
    ['a day in years', { expires: '2028-01-01' }, 'expires', /at most 2027-11-20/],
    ['no day', { expires: '' }, 'expires', /takes a day/],
    ['a day that there is not', { expires: '2027-02-30' }, 'expires', /takes a day/],
    ['a package that is none', { name: 'a b' }, 'package', /takes letters/],
    ['a finding that is none', { cve: 'CVE 1' }, 'cve', /takes letters/],
  ])('%s is an error in the form', async (_, values, field, words) => {
    const { tables, ports } = await scene();
    const { body } = await send(form(values), ports);
    expect(body).toEqual({ response_action: 'errors', errors: { [field]: expect.stringMatching(words) } });
    expect(await loadPolicy(tables.ledger)).toBeUndefined();
  });

  test('an image without a finding on record has nothing to choose', async () => {
    const { called, ports } = await scene({ loadScanFindings: async () => undefined });
    await send(press('ignore'), ports);
    expect(JSON.stringify(called)).toContain('none to ignore');
  });
});

describe('what none of our buttons can send', () => {
  const value = (changes: object) => [
    {
      action_id: 'acknowledge',
      value: JSON.stringify({
        ...image.repository,
        digest: image.digest,
        key: 'k',
        references: ['latest'],
        ...changes,
      }),
    },
  ];
  const other = anImageOf(image.digest).repository;

  test.each<[string, object]>([
    ['another kind', press('acknowledge', { type: 'shortcut' })],
    ['another button', press('acknowledge', { actions: [{ action_id: 'other', value: '{}' }] })],
    ['no action', press('acknowledge', { actions: [] })],
    ['a value that is no JSON', press('acknowledge', { actions: [{ action_id: 'ignore', value: '{' }] })],
    ['an account that is a key', press('acknowledge', { actions: value({ account: '1#2' }) })],
    ['a repository that is a key', press('acknowledge', { actions: value({ name: `${other.name}#x` }) })],
    ['a reference that is a key', press('acknowledge', { actions: value({ references: ['a#b'] }) })],
    ['no reference', press('acknowledge', { actions: value({ references: [] }) })],
    ['a notice that is a key', press('acknowledge', { actions: value({ key: 'a#b' }) })],
    ['a person who is a key', press('acknowledge', { user: { id: 'U1#2' } })],
    ['a channel that is none', press('acknowledge', { channel: { id: '#alerts' } })],
    ['no message', press('acknowledge', { message: undefined })],
    ['another form', { ...form(), view: { ...form().view, callback_id: 'other' } }],
    ['a form from nowhere', { ...form(), view: { ...form().view, private_metadata: '{}' } }],
    ['a form without its fields', { ...form(), view: { ...form().view, state: { values: {} } } }],
    ['nothing', {}],
  ])('%s', async (_, payload) => {
    const { tables, called, ports } = await scene();
    expect(await send(payload, ports)).toEqual({ status: 400, outcome: 'not-understood' });
    expect(called).toEqual([]);
    expect(await loadPolicy(tables.ledger)).toBeUndefined();
  });

  test.each(['payload=', 'payload=%7B', 'payload=[]', 'payload=null', 'other=1', '%ff', 'a'.repeat(1000)])(
    '%j',
    async (body) => {
      const { ports } = await scene();
      const knock = knockWith(Object.fromEntries(new URLSearchParams(body)));
      if (knock.body) expect((await answerSlack('interaction', knock, Date.now(), ports)).status).toBe(400);
    },
  );
});
