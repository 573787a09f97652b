import type { SNSClient } from '@aws-sdk/client-sns';
import { type Delivery, imageOf, type SinkName } from '../../lib/delivery/delivery.ts';
import type { Outcome, SendContext, Sink } from '../../lib/delivery/sink.ts';
import type { Surface } from './backend/ground.ts';
import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';

/** How often a destination does what. */
export interface SinkFaults {
  /** 429. */
  readonly tooMany: number;
  /** 500 and 503, which took nothing, and 502 and 504, of which nobody knows. */
  readonly serverError: number;
  /** It has the message, and its answer never comes. */
  readonly lostReply: number;
  /** From, until (epoch milliseconds): no connection at all. */
  readonly outage?: readonly [number, number];
}

/** Something that arrived at a destination. */
export interface Post {
  readonly atMs: number;
  readonly sink: SinkName;
  readonly delivery: Delivery;
  /** It says of itself that it may be a repeat. */
  readonly isMarked: boolean;
  readonly body: string;
  /** Its sender heard that it arrived, and told the ledger before its lease was over. */
  isSettled: boolean;
}

/** One try of the real sink at the virtual destination; `note` hears of what arrived. */
type Try = (
  surface: Pick<Surface, 'datadogSink' | 'slackSink' | 'snsSink'>,
  delivery: Delivery,
  context: SendContext,
  note: (post: Post) => void,
) => Promise<Outcome>;

export interface Outside {
  readonly tries: Readonly<Record<SinkName, Try>>;
  /** Everything that arrived, by sink, image and key of the delivery. */
  readonly posts: ReadonlyMap<string, readonly Post[]>;
}

const TIMEOUT_MS = 8_000;
const MARK = /possible repeat|"possibleRepeat":true/i;

interface Reply {
  readonly status: number;
  readonly isTaken: boolean;
}

/** The three destinations with the real sinks in front of them. */
export function outside(
  { clock, chance }: { readonly clock: Clock; readonly chance: Chance },
  faults: Readonly<Record<SinkName, SinkFaults>>,
  changed: (body: string) => string = (body) => body,
): Outside {
  const posts = new Map<string, Post[]>();

  /** One request: what the destination does with it, and what its sender hears. */
  async function request(
    sink: SinkName,
    delivery: Delivery,
    body: string,
    note: (post: Post) => void,
  ): Promise<number> {
    const { outage } = faults[sink];
    if (outage && clock.nowMs() >= outage[0] && clock.nowMs() < outage[1])
      throw Object.assign(new TypeError('fetch failed'), {
        cause: refusedConnection(),
        code: 'ECONNREFUSED',
      });
    await clock.sleep(chance.between(20, 400));
    const { status, isTaken } = reply(faults[sink], chance);
    const post = { atMs: clock.nowMs(), sink, delivery, body, isMarked: MARK.test(body) };
    if (isTaken) {
      const taken: Post = { ...post, isSettled: false };
      const key = postKey(sink, delivery);
      const known = posts.get(key);
      if (known) known.push(taken);
      else posts.set(key, [taken]);
      note(taken);
    }
    if (status !== 0) return status;
    await clock.sleep(TIMEOUT_MS);
    throw new DOMException('no answer', 'TimeoutError');
  }

  const tries: Record<SinkName, Try> = {
    slack: ({ slackSink }, delivery, context, note) =>
      slackSink({
        readUrl: async () => 'https://hooks.slack.com/services/T0000/B0000/simulation',
        allowLoopback: false,
        fetch: async (_, init) => response(await request('slack', delivery, String(init?.body), note)),
      }).send(delivery, context),
    sns: ({ snsSink }, delivery, context, note) =>
      snsSink({ client: topic(request, delivery, note), topicArn: 'arn:aws:sns:eu-west-1:1:n' }).send(
        delivery,
        context,
      ),
    datadog: ({ datadogSink }, delivery, context, note) => {
      const ask = async (body: string) => response(await request('datadog', delivery, changed(body), note));
      return datadog(datadogSink, clock, ask).send(delivery, context);
    },
  };
  return { tries, posts };
}

/** What names a delivery at a sink. */
function postKey(sink: SinkName, delivery: Delivery): string {
  return `${sink} ${imageOf(delivery).digest} ${delivery.key}`;
}

function reply({ tooMany, serverError, lostReply }: SinkFaults, chance: Chance): Reply {
  if (chance.hits(tooMany)) return { status: 429, isTaken: false };
  if (chance.hits(serverError)) {
    const status = [500, 503, 502, 504][chance.between(0, 4)] ?? 500;
    return { status, isTaken: (status === 502 || status === 504) && chance.hits(0.5) };
  }
  return { status: chance.hits(lostReply) ? 0 : 200, isTaken: true };
}

/** What the sinks read of an answer, without the streams of a real one. */
function response(status: number): Response {
  const headers = new Headers(status === 429 ? { 'retry-after': '7' } : {});
  const text = async () => (status === 200 ? '{"status":"ok"}' : 'no');
  return { ok: status === 200, status, headers, text } as unknown as Response;
}

function refusedConnection(): Error {
  return Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
}

type Ask = (sink: SinkName, delivery: Delivery, body: string, note: (post: Post) => void) => Promise<number>;

function topic(request: Ask, delivery: Delivery, note: (post: Post) => void): Pick<SNSClient, 'send'> {
  async function send({ input }: { readonly input: { readonly Message?: string } }): Promise<object> {
    const status = await request('sns', delivery, String(input.Message), note);
    if (status === 200) return { MessageId: 'simulation' };
    const name = status === 429 ? 'ThrottledException' : 'InternalErrorException';
    throw Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
  }
  return { send } as unknown as Pick<SNSClient, 'send'>;
}

function datadog(
  datadogSink: Surface['datadogSink'],
  clock: Clock,
  ask: (body: string) => Promise<Response>,
): Sink {
  return datadogSink({
    readKey: async () => '0123456789abcdef0123456789abcdef',
    baseUrl: 'https://api.datadoghq.com',
    now: clock.now,
    fetch: async (request) => ask(await (request as Request).text()),
  });
}
