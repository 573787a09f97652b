import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../../local/http.ts';
import { basicFindings } from './findings.ts';
import { type Flow, startFlow } from './stack.ts';

/** Something in front of a sink that lets requests pass as long as they carry the secret that is good now. */
interface Gate extends Endpoint {
  good: string;
  /** The secret of every request, in order. */
  readonly seen: string[];
}

const CANARY = 'cAnArY';
const OLD_KEY = 'cAnArY-key-old-0123456789';
const NEW_KEY = 'cAnArY-key-new-9876543210';
const OLD_PATH = '/services/T0/B0/cAnArY+7f=3e"old';
const NEW_PATH = '/services/T0/B0/cAnArY+7f=3e"new';
const BOT_TOKEN = 'xoxb-cAnArY-0123456789-abcdef';
/** Of the role, as Lambda gives it to a function. */
const AWS_SECRET = 'cAnArY/aws+secret/0123456789abcdefghijkl';
const AWS_SESSION = 'cAnArY//session+token==0123456789';
const DATADOG = '/scan-response/dev/datadog-api-key';
const SLACK = '/scan-response/dev/slack-webhook-url';

let flow: Flow;
let datadog: Gate;
let slack: Gate;

beforeAll(async () => {
  datadog = await startGate(
    OLD_KEY,
    ({ headers }) => String(headers['dd-api-key']),
    ({ path }) => flow.stack.datadog.url + path,
    { 'dd-api-key': 'local-api-key' },
  );
  slack = await startGate(
    OLD_PATH,
    ({ path }) => decodeURI(path),
    () => flow.stack.slack.webhookUrl,
  );
  flow = await startFlow({
    environment: {
      SCAN_RESPONSE_DATADOG_URL: datadog.url,
      SCAN_RESPONSE_SLACK_CHANNEL: 'C0LOCAL001',
      POWERTOOLS_LOG_LEVEL: 'DEBUG',
      AWS_SECRET_ACCESS_KEY: AWS_SECRET,
      AWS_SESSION_TOKEN: AWS_SESSION,
    },
  });
  flow.stack.parameters.set(DATADOG, OLD_KEY).set(SLACK, slack.url + OLD_PATH);
});
afterAll(async () => {
  await flow?.stop();
  await Promise.all([datadog, slack].map((gate) => gate?.close()));
});

/** A refusal repeats what it refuses, as a careless proxy would. */
async function startGate(
  good: string,
  secretOf: (request: LocalRequest) => string,
  target: (request: LocalRequest) => string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Gate> {
  const seen: string[] = [];
  const gate = {
    good,
    seen,
    ...(await serve(async (request): Promise<LocalResponse> => {
      const secret = secretOf(request);
      seen.push(secret);
      if (secret !== gate.good) return { status: 403, body: `{"errors":["no such key: ${secret}"]}` };
      const type = { 'content-type': 'application/json' };
      const body = { method: 'POST', headers: { ...headers, ...type }, body: request.body };
      const reply = await fetch(target(request), body);
      return { status: reply.status, headers: type, body: await reply.text() };
    })),
  };
  return gate;
}

/** One image with one critical finding, until everybody has heard of it or given up. */
async function tell(repository: string): Promise<void> {
  const { digest } = flow.push(repository);
  flow.scan(repository, digest, basicAnswer(basicFindings('CRITICAL')));
  await flow.settled(repository);
}

/** What SSM was asked for since `from`. */
function asked(name: string, from = 0): number {
  return flow.stack.ssm.asked.slice(from).filter((it) => it === name).length;
}

/** Forgets what the gates saw; returns how often SSM has been asked so far. */
function startAgain(): number {
  slack.seen.length = 0;
  datadog.seen.length = 0;
  return flow.stack.ssm.asked.length;
}

/** Every way in which a text may have been written down. */
function encodings(secret: string): readonly string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  // In base64 the same bytes look different at each of three offsets; the ends depend on the neighbours.
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.from(`${' '.repeat(offset)}${secret}`)
      .toString('base64')
      .slice(offset === 0 ? 0 : 4, -4),
  );
  const url = [
    encodeURI(secret),
    encodeURIComponent(secret),
    new URLSearchParams({ secret }).toString().slice(7),
  ];
  const hex = Buffer.from(secret).toString('hex');
  return [...new Set([secret, escaped, escaped.replaceAll('/', '\\/'), ...base64, ...url, hex])];
}

/** Every string in a value, however deep, field names too, one a line. */
function texts(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, each]) => `${key}\n${texts(each)}`)
    .join('\n');
}

/** The encodings of our secrets that can be found in a value. */
function leaks(value: unknown): readonly string[] {
  const haystack = texts(value);
  const secrets = [OLD_KEY, NEW_KEY, OLD_PATH, NEW_PATH, BOT_TOKEN, AWS_SECRET, AWS_SESSION, CANARY];
  return secrets.flatMap(encodings).filter((form) => haystack.includes(form));
}

/** One after the other, on the same warm functions. */
describe.sequential('R12: the life of a secret', () => {
  test('put in wrongly: an error that names the parameter, and delivered once it is repaired', async () => {
    flow.stack.parameters.set(SLACK, `https://${CANARY}.example/services/T0`);
    const told = tell('secret/wrong');
    const complaint = `the parameter ${SLACK} does not hold a webhook URL of Slack`;
    await expect.poll(() => texts(flow.stack.logs), { timeout: 10_000 }).toContain(complaint);
    flow.stack.parameters.set(SLACK, slack.url + OLD_PATH);
    await told;
    const { slack: messages, deadLetters } = flow.got('secret/wrong');
    expect([messages.length, deadLetters.length]).toEqual([1, 0]);
  });

  test('read once for all messages of five minutes', async () => {
    const from = startAgain();
    await tell('secret/next');
    await tell('secret/next-but-one');
    expect([asked(SLACK, from), asked(DATADOG)]).toEqual([0, 1]);
    expect(slack.seen).toEqual([OLD_PATH, OLD_PATH]);
  });

  test('rotated while the functions are warm: refused, read afresh once, delivered', async () => {
    const from = startAgain();
    slack.good = NEW_PATH;
    datadog.good = NEW_KEY;
    flow.stack.parameters.set(DATADOG, NEW_KEY).set(SLACK, slack.url + NEW_PATH);
    await tell('secret/rotated');
    expect(slack.seen).toEqual([OLD_PATH, NEW_PATH]);
    expect(asked(SLACK, from)).toBe(1);
    // Gauges and event are two messages, so each may be refused once and read afresh once.
    const refused = datadog.seen.filter((key) => key === OLD_KEY).length;
    expect([1, 2]).toContain(refused);
    expect(datadog.seen).toHaveLength(refused + 2);
    expect(asked(DATADOG, from)).toBeGreaterThanOrEqual(1);
    expect(asked(DATADOG, from)).toBeLessThanOrEqual(refused);
    const { slack: messages, events, gauges, deadLetters } = flow.got('secret/rotated');
    expect([messages.length, events.length, gauges.length, deadLetters.length]).toEqual([1, 1, 1, 0]);
  });

  test('refused for good: read afresh once for that message, and a dead letter', async () => {
    const from = startAgain();
    slack.good = 'revoked';
    datadog.good = 'revoked';
    await tell('secret/revoked');
    expect(slack.seen).toEqual([NEW_PATH]);
    expect(asked(SLACK, from)).toBe(1);
    expect(datadog.seen).toEqual([NEW_KEY, NEW_KEY, NEW_KEY, NEW_KEY]);
    expect(asked(DATADOG, from)).toBeLessThanOrEqual(2);
    const refusal = 'datadog rejected it: Datadog answered 403: no such key: (key)';
    const reasons = flow.got('secret/revoked').deadLetters.map(({ reason }) => reason);
    expect(reasons.sort()).toEqual([
      refusal,
      refusal,
      'slack rejected it: Slack answered 403 (no reason that we know)',
    ]);
  });

  test('a bot token that Slack refuses: a dead letter with its word', async () => {
    flow.stack.parameters.set(SLACK, BOT_TOKEN);
    // What holds the webhook is read afresh when that is refused.
    await tell('secret/webhook-gone');
    await tell('secret/bot');
    const reasons = flow.got('secret/bot').deadLetters.map(({ reason }) => reason);
    expect(reasons.join(' ')).toContain('invalid_auth');
  });

  test('nowhere in logs, dead letters, tables or messages, in no encoding', async () => {
    const names = ['wrong', 'next', 'next-but-one', 'rotated', 'revoked', 'webhook-gone', 'bot'].map(
      (name) => `secret/${name}`,
    );
    const items = await Promise.all(
      names.flatMap((name) => [flow.items('lineage', name), flow.items('ledger', name)]),
    );
    const { logs, slack: channel, sns, datadog: intake } = flow.stack;
    expect(items.flat().length).toBeGreaterThan(30);
    expect(texts(logs)).toContain('no such key: (key)');
    expect(leaks([logs, items, names.map((name) => flow.got(name))])).toEqual([]);
    expect(leaks([channel.messages, sns.published, intake.requests])).toEqual([]);
  });
});

test('a secret that got out would be found in every encoding', () => {
  expect(leaks({ [OLD_KEY]: 1 })).toContain(OLD_KEY);
  for (const secret of [OLD_KEY, NEW_PATH, BOT_TOKEN, AWS_SECRET, AWS_SESSION, CANARY]) {
    const line = { error: { message: `POST http://127.0.0.1${secret} failed` } };
    const { message } = line.error;
    for (const written of [
      line,
      JSON.stringify(line),
      Buffer.from(message),
      Buffer.from(message).toString('base64'),
      Buffer.from(`x${message}`).toString('base64'),
      Buffer.from(`xx${message}`).toString('base64'),
      encodeURIComponent(message),
      JSON.stringify(line).replaceAll('/', '\\/'),
      new URL(`http://127.0.0.1/${secret}`).href,
    ]) {
      expect(leaks([written]), texts(written)).not.toEqual([]);
    }
  }
});
