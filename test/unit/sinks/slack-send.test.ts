import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { ReadSecret } from '../../../lib/delivery/sink.ts';
import { type SlackOptions, slackSink } from '../../../lib/sinks/slack/send.ts';
import { type LocalRequest, type Respond, serve } from '../../../local/http.ts';
import { aMeasurement, aNotice } from '../../build/notice.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A Slack that keeps what it got and answers with `respond`. */
async function slack(respond: Respond): Promise<{ readonly url: string; readonly requests: LocalRequest[] }> {
  const requests: LocalRequest[] = [];
  const { url, close } = await serve((request) => {
    requests.push(request);
    return respond(request);
  });
  closing.push(close);
  return { url: `${url}/services/T0/B0/secret`, requests };
}

function sinkFor(url: string | undefined, overrides: Partial<SlackOptions> = {}) {
  return slackSink({ readUrl: async () => url, allowLoopback: true, ...overrides });
}

const firstTry = { possibleRepeat: false };

describe('an answer and what it means', () => {
  test.each([
    [200, {}, 'ok', { state: 'sent' }],
    [429, { 'retry-after': '7' }, 'rate_limited', { state: 'refused', retryAfterSeconds: 7 }],
    [429, {}, 'rate_limited', { state: 'refused' }],
    [429, { 'retry-after': 'Fri, 20 Nov 2026 02:00:00 GMT' }, '', { state: 'refused' }],
    [500, {}, 'rollup_error', { state: 'refused' }],
    [503, {}, '', { state: 'refused' }],
    [502, {}, '', { state: 'unknown' }],
    [504, {}, '', { state: 'unknown' }],
    [400, {}, 'invalid_payload', { state: 'rejected', why: 'Slack answered 400 invalid_payload' }],
    [403, {}, 'action_prohibited', { state: 'rejected', why: 'Slack answered 403 action_prohibited' }],
    [404, {}, 'channel_not_found\n', { state: 'rejected', why: 'Slack answered 404 channel_not_found' }],
    [410, {}, 'channel_is_archived', { state: 'rejected', why: 'Slack answered 410 channel_is_archived' }],
    [404, {}, '<html>\u001b[2J', { state: 'rejected', why: 'Slack answered 404 (no reason that we know)' }],
  ])('%i %j %j', async (status, headers, body, expected) => {
    const { url, requests } = await slack(() => ({ status, headers, body }));
    const outcome = await sinkFor(url).send(aNotice(), firstTry);
    expect(outcome).toMatchObject(expected);
    expect('retryAfterSeconds' in outcome).toBe('retryAfterSeconds' in expected);
    expect(requests).toHaveLength(1);
  });

  test('one POST of JSON on a connection of its own', async () => {
    const { url, requests } = await slack(() => ({ status: 200, body: 'ok' }));
    await sinkFor(url).send(aNotice(), { possibleRepeat: true });
    expect(requests[0]).toMatchObject({
      method: 'POST',
      path: '/services/T0/B0/secret',
      headers: { 'content-type': 'application/json; charset=utf-8', connection: 'close' },
    });
    const body = JSON.parse(requests[0]?.body ?? '');
    expect(Object.keys(body)).toEqual(['text', 'blocks', 'unfurl_links', 'unfurl_media']);
    expect(body.text).toMatch(/^Possible repeat: /);
  });

  test('a redirect is not followed', async () => {
    const other = await slack(() => ({ status: 200, body: 'ok' }));
    const { url } = await slack(() => ({ status: 307, headers: { location: other.url } }));
    expect(await sinkFor(url).send(aNotice(), firstTry)).toMatchObject({ state: 'rejected' });
    expect(other.requests).toEqual([]);
  });
});

describe('no answer', () => {
  test('nobody listens: surely not sent', async () => {
    const { url, close } = await serve(() => ({ status: 200 }));
    await close();
    const outcome = await sinkFor(url).send(aNotice(), firstTry);
    expect(outcome).toEqual({ state: 'refused', why: 'no connection to Slack: ECONNREFUSED' });
  });

  test('the connection drops after the request: nobody knows', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.destroy()));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    closing.push(async () => server.close());
    const { port } = server.address() as AddressInfo;
    const outcome = await sinkFor(`http://127.0.0.1:${port}`).send(aNotice(), firstTry);
    expect(outcome).toMatchObject({
      state: 'unknown',
      why: expect.stringMatching(/^the connection to Slack broke/),
    });
  });

  test('the answer never comes: nobody knows', async () => {
    const { url, requests } = await slack(() => new Promise(() => {}));
    const outcome = await sinkFor(url, { timeoutMs: 100 }).send(aNotice(), firstTry);
    expect(outcome).toEqual({ state: 'unknown', why: 'no answer from Slack in 100 ms' });
    expect(requests).toHaveLength(1);
  });

  test.each([
    ['ENOTFOUND', 'refused'],
    ['EAI_AGAIN', 'refused'],
    ['ECONNRESET', 'unknown'],
    ['EPIPE', 'unknown'],
  ])('a request fails with %s: %s', async (code, state) => {
    const failing = async () => {
      throw Object.assign(new Error('x'), { code });
    };
    const outcome = await sinkFor('http://127.0.0.1:1', { post: failing }).send(aNotice(), firstTry);
    expect(outcome).toMatchObject({ state, why: expect.stringContaining(code) });
  });
});

describe('the webhook URL', () => {
  test.each(['https://evil.example/services/T0/B0/hush', 'http://hooks.slack.com/hush', 'hush'])(
    '%s is no webhook of Slack: rejected, unsent, and not quoted',
    async (secret) => {
      let calls = 0;
      const counting = async () => {
        calls += 1;
        return { status: 200, headers: {}, text: async () => 'ok' };
      };
      const outcome = await sinkFor(secret, { post: counting }).send(aNotice(), firstTry);
      expect(outcome).toMatchObject({
        state: 'rejected',
        why: expect.stringContaining('put the one that Slack gave'),
      });
      expect(JSON.stringify(outcome)).not.toContain('hush');
      expect(calls).toBe(0);
    },
  );

  test('127.0.0.1 is for a local stack only', async () => {
    const { url, requests } = await slack(() => ({ status: 200, body: 'ok' }));
    const outcome = await sinkFor(url, { allowLoopback: false }).send(aNotice(), firstTry);
    expect(outcome.state).toBe('rejected');
    expect(requests).toEqual([]);
  });

  test('changed since it was read: read afresh and tried once more', async () => {
    const old = await slack(() => ({ status: 404, body: 'no_service' }));
    const fresh = await slack(() => ({ status: 200, body: 'ok' }));
    const readUrl: ReadSecret = async (options) => (options?.refresh ? fresh.url : old.url);
    expect(await sinkFor('', { readUrl }).send(aNotice(), firstTry)).toEqual({ state: 'sent' });
    expect([old.requests.length, fresh.requests.length]).toEqual([1, 1]);
  });

  test('changed and refused again: rejected after two tries', async () => {
    const old = await slack(() => ({ status: 404, body: 'no_service' }));
    const fresh = await slack(() => ({ status: 403, body: 'invalid_token' }));
    const readUrl: ReadSecret = async (options) => (options?.refresh ? fresh.url : old.url);
    const outcome = await sinkFor('', { readUrl }).send(aNotice(), firstTry);
    expect(outcome).toEqual({ state: 'rejected', why: 'Slack answered 403 invalid_token' });
    expect(fresh.requests).toHaveLength(1);
  });

  test('a message that may have arrived is not tried at a fresh URL', async () => {
    const { url } = await slack(() => ({ status: 504 }));
    const readUrl: ReadSecret = async (options) => {
      if (options?.refresh) throw new Error('must not be asked');
      return url;
    };
    expect((await sinkFor('', { readUrl }).send(aNotice(), firstTry)).state).toBe('unknown');
  });

  test('cannot be read: nothing was sent, later perhaps', async () => {
    const readUrl: ReadSecret = async () => {
      throw new Error('AccessDenied for https://hooks.slack.com/services/hush');
    };
    const outcome = await sinkFor('', { readUrl }).send(aNotice(), firstTry);
    expect(outcome.state).toBe('refused');
    expect(JSON.stringify(outcome)).not.toContain('hush');
  });

  test('cannot be read afresh: the first answer stands', async () => {
    const { url } = await slack(() => ({ status: 410, body: 'channel_is_archived' }));
    const readUrl: ReadSecret = async (options) => {
      if (options?.refresh) throw new Error('throttled');
      return url;
    };
    const outcome = await sinkFor('', { readUrl }).send(aNotice(), firstTry);
    expect(outcome).toEqual({ state: 'rejected', why: 'Slack answered 410 channel_is_archived' });
  });

  test.each([
    [undefined, false],
    ['', false],
    ['https://hooks.slack.com/services/x', true],
  ])('%j: configured is %s', async (secret, expected) => {
    expect(await sinkFor(secret).isConfigured()).toBe(expected);
  });

  test('refused and taken away: later, another is on its way', async () => {
    const { url } = await slack(() => ({ status: 403, body: 'invalid_token' }));
    const readUrl: ReadSecret = async (options) => (options?.refresh ? undefined : url);
    expect((await sinkFor('', { readUrl }).send(aNotice(), firstTry)).state).toBe('refused');
  });

  test('absent: later, with what to do', async () => {
    const outcome = await sinkFor(undefined).send(aNotice(), firstTry);
    expect(outcome).toMatchObject({ state: 'refused', why: expect.stringContaining('put the webhook URL') });
  });
});

test('measurements are not for Slack', async () => {
  const { url, requests } = await slack(() => ({ status: 200, body: 'ok' }));
  const outcome = await sinkFor(url).send(aMeasurement(), firstTry);
  expect(outcome).toMatchObject({ state: 'rejected', why: expect.stringContaining('not measurements') });
  expect(requests).toEqual([]);
});
