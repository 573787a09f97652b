import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../../../lib/ask/ask.ts';
import * as config from '../../../lib/config.ts';
import { type Answered, answerSlack, type DoorPorts } from '../../../lib/slack-door/answer.ts';
import { HELP } from '../../../lib/slack-door/help.ts';
import type { SlackReply } from '../../../lib/slack-door/reply.ts';
import { aDigest } from '../../build/lineage.ts';
import { startTables, type Tables } from '../../doubles/dynamodb.ts';
import { recorder } from '../../doubles/lookup.ts';
import { doorPorts, knockWith } from '../../doubles/slack-door.ts';

const [A, B] = [aDigest('a'), aDigest('b')];
const WHO = 'U2CERLKJA';
let tables: Tables;

beforeAll(async () => {
  tables = await startTables();
  const demo = recorder(tables);
  await demo.tag('latest', '01:00', A);
  await demo.tag('latest', '02:00', B);
  await demo.image(A, ['latest', '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567']);
  await demo.image(B, ['latest', 'deadbeef4e5f60718293a4b5c6d7e8f901234567']);
});
afterAll(() => tables.close());
afterEach(() => config.useZone('UTC'));

let asked = 0;

/** Asks as Slack does, each time with a request of its own. */
function knock(text: string, fields: Readonly<Record<string, string>> = {}) {
  asked += 1;
  return knockWith({ command: '/lineage', user_id: WHO, trigger_id: `${asked}`, text, ...fields });
}

function command(text: string, changes: Partial<DoorPorts> = {}): Promise<Answered> {
  return answerSlack('command', knock(text), Date.now(), doorPorts(tables, changes));
}

function replyOf({ body }: Answered): SlackReply {
  return body as SlackReply;
}

/** The lines of the answer, and the small print below. */
function textsOf(answered: Answered): readonly string[] {
  const texts: string[] = [];
  JSON.stringify(replyOf(answered).blocks, (_, value) => {
    if (typeof value?.text === 'string') texts.push(value.text);
    return value;
  });
  return texts;
}

describe('a command', () => {
  test.each([
    [
      'demo-api:latest 2026-11-20T01:30:00Z',
      'who',
      { reference: 'demo-api:latest', at: '2026-11-20T01:30:00Z' },
    ],
    ['history demo-api:latest', 'history', { reference: 'demo-api:latest' }],
    [
      'diff demo-api:latest~1 demo-api:latest',
      'diff',
      { older: 'demo-api:latest~1', newer: 'demo-api:latest' },
    ],
    ['CVE-2026-1234', 'cve', { reference: 'CVE-2026-1234' }],
    ['nobody:latest', 'who', { reference: 'nobody:latest' }],
  ])('%s: what the command line says, for who asked alone', async (text, name, parameters) => {
    const { tools } = doorPorts(tables);
    const said = await ask(name, new URLSearchParams(parameters), tools);
    const answered = await command(text);
    expect(answered).toMatchObject({ status: 200, outcome: 'answered' });
    expect(replyOf(answered).response_type).toBe('ephemeral');
    expect(textsOf(answered)[0]).toBe(said?.lines.join('\n'));
  });

  test('share: for the channel; what is not found is not shared', async () => {
    expect(replyOf(await command('demo-api:latest share')).response_type).toBe('in_channel');
    expect(replyOf(await command('nobody:latest share')).response_type).toBe('ephemeral');
    expect(replyOf(await command('demo-api:latest nonsense share')).response_type).toBe('ephemeral');
  });

  test.each(['help', '', 'who demo-api:latest --help'])('%j: what can be asked', async (text) => {
    expect(textsOf(await command(text))[0]).toBe(HELP.join('\n'));
  });

  test.each([
    ['demo-api:latest nonsense', /^not a time: "nonsense"/],
    ['demo-api:latest --nonsense', /--nonsense/],
    ['demo-api:latest --strict', /takes no "strict" here/],
    ['demo-api:latest --json', /takes no "json" here/],
    ['DEMO', /is no|not a repository/],
  ])('%s: what is wrong with it', async (text, why) => {
    expect(textsOf(await command(text))[0]).toMatch(why);
  });
});

describe('times', () => {
  const at = 'demo-api:latest "2026-11-20 10:30"';

  test('are in the zone that a person has in Slack', async () => {
    const [lines, print] = textsOf(await command(at, { zoneOf: async () => 'Asia/Tokyo' }));
    expect(lines).toContain('asked for 2026-11-20 10:30:00 GMT+9 (01:30:00Z)');
    expect(print).toBe('Times are read and printed in Asia/Tokyo, your zone in Slack.');
  });

  test('in the one that was asked for', async () => {
    const texts = textsOf(await command(`${at} --tz Asia/Tokyo`, { zoneOf: async () => 'Europe/Berlin' }));
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain('(01:30:00Z)');
  });

  test.each([
    ['nobody knows it', undefined],
    ['Slack names none that there is', 'Nowhere/Land'],
  ])('in UTC, which is said, where %s', async (_, zone) => {
    const [lines, print] = textsOf(await command(at, { zoneOf: async () => zone }));
    expect(lines).toContain('asked for 2026-11-20 10:30:00 UTC (10:30:00Z)');
    expect(print).toMatch(/UTC; --tz Europe\/Berlin/);
  });
});

describe('at the door', () => {
  test('the same request again changes nothing and says nothing', async () => {
    const [ports, once] = [doorPorts(tables), knock('demo-api:latest')];
    const answers = await Promise.all([1, 2, 3].map(() => answerSlack('command', once, Date.now(), ports)));
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['answered', 'repeated', 'repeated']);
    expect(answers.filter(({ outcome }) => outcome === 'repeated')).toEqual(
      [1, 2].map(() => ({ status: 200, outcome: 'repeated' })),
    );
    // On another path it is the same request.
    expect((await answerSlack('interaction', once, Date.now(), ports)).outcome).toBe('repeated');
  });

  test('who has not signed gets a status, and neither the tables nor Slack are asked', async () => {
    tables.requests.splice(0);
    const zoneOf = () => expect.fail('asked');
    const forged = { ...knock('demo-api:latest'), body: 'user_id=U2CERLKJA&text=x' };
    expect(await answerSlack('command', forged, Date.now(), doorPorts(tables, { zoneOf }))).toEqual({
      status: 401,
      outcome: 'signature-mismatch',
    });
    expect(tables.requests).toEqual([]);
  });

  test.each([
    ['without a secret', async () => undefined, { status: 503, outcome: 'off' }],
    [
      'with one that cannot be read',
      () => Promise.reject(new Error('no')),
      { status: 503, outcome: 'failed' },
    ],
  ])('%s it is closed', async (_, readSigningSecret, closed) => {
    expect(await command('help', { readSigningSecret })).toMatchObject(closed);
  });

  test('when nobody can say whether it is the first, who asked hears of it', async () => {
    const isFirst = () => Promise.reject(new Error('down'));
    const answered = await command('help', { isFirst });
    expect(answered).toMatchObject({ status: 200, outcome: 'failed' });
    expect(textsOf(answered)[0]).toMatch(/^The tables could not be read; the log of slack-asked says why/);
  });

  test('when the tables cannot be read, who asked hears that, and the log hears why', async () => {
    const { tools } = doorPorts(tables);
    const why = 'AccessDenied: arn:aws:iam::111122223333:role/secret-role';
    const lookup = () => Promise.reject(new Error(why));
    const answered = await command('demo-api:latest', { tools: { ...tools, lookup } });
    expect(answered).toMatchObject({ status: 200, outcome: 'failed' });
    expect(String(answered.error)).toContain(why);
    expect(JSON.stringify(answered.body)).not.toContain('secret-role');
    expect(textsOf(answered)[0]).toMatch(/^The tables could not be read/);
  });

  test.each<[string, string, Readonly<Record<string, string>>]>([
    ['another path', 'nonsense', {}],
    ['nobody who asks', 'command', { user_id: '' }],
    ['a name for a person', 'command', { user_id: '../etc' }],
    ['more text than Slack takes', 'command', { text: 'a'.repeat(3_001) }],
  ])('what is signed and means nothing: %s', async (_, kind, fields) => {
    const answered = await answerSlack(kind, knock('help', fields), Date.now(), doorPorts(tables));
    expect(answered).toEqual({ status: 400, outcome: 'not-understood' });
  });
});

describe('in time', () => {
  const never = () => new Promise<never>(() => undefined);

  test('who waits hears that it takes longer, within three seconds of the gateway’s clock', async () => {
    const begin = Date.now();
    const answered = await answerSlack(
      'command',
      knock('demo-api:latest'),
      begin - 1_900,
      doorPorts(tables, { zoneOf: never }),
    );
    expect(answered).toMatchObject({ status: 200, outcome: 'late' });
    expect(textsOf(answered)[0]).toMatch(/^The answer takes longer than Slack waits/);
    expect(Date.now() - begin).toBeLessThan(800);
  });

  test('a clock of the gateway that is wrong leaves some time, and no more than all', async () => {
    for (const arrivedMs of [0, Date.now() + 3_600_000]) {
      const answered = await answerSlack('command', knock('help'), arrivedMs, doorPorts(tables));
      expect(answered.outcome).toBe('answered');
    }
  });

  test('who has not been let in by then hears nothing', async () => {
    const answered = await answerSlack(
      'command',
      knock('help'),
      0,
      doorPorts(tables, { readSigningSecret: never }),
    );
    expect(answered).toEqual({ status: 503, outcome: 'late' });
  });
});
