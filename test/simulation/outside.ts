import type { SNSClient } from '@aws-sdk/client-sns';
import {
  type Delivery,
  type Heartbeat,
  imageOf,
  isHeartbeat,
  type QueuedSink,
} from '../../lib/delivery/delivery.ts';
import type { DigestSink } from '../../lib/delivery/fold.ts';
import type { Sink } from '../../lib/delivery/sink.ts';
import type { Post as AskByPost } from '../../lib/sinks/post.ts';
import type { Surface } from './backend/ground.ts';
import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';
import { toldIn } from './digest-lines.ts';
import { foldingKey } from './folding.ts';

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
  readonly sink: QueuedSink;
  readonly delivery: Delivery;
  /** It says of itself that it may be a repeat. */
  readonly isMarked: boolean;
  /** By what Datadog folds a repeat of it into what it has: its key, or that gauges overwrite; else it adds up. */
  readonly foldsBy: string;
  /** Its sender heard that it arrived, and told the ledger before its lease was over. */
  isSettled: boolean;
}

/** Hears of what arrived. */
type Note = (post: Post) => void;

/** The same with the body that it arrived in: for whoever asks whether it says something. */
export type Hear = (post: Post, body: string) => void;

type Sinks = Pick<Surface, 'datadogSink' | 'slackSink' | 'snsSink'>;

export interface Outside {
  /** The real sinks of a release in front of the virtual destinations. */
  readonly connect: {
    readonly datadog: (of: Sinks, note: Note) => Sink;
    readonly slack: (of: Sinks, note: Note) => DigestSink;
    readonly sns: (of: Sinks, note: Note) => Sink;
  };
  /** Everything that arrived, by sink, image and key of the delivery. */
  readonly posts: ReadonlyMap<string, readonly Post[]>;
  /** Requests that were taken; a message that names many is one. */
  readonly taken: Readonly<Record<QueuedSink, number>>;
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
  faults: Readonly<Record<QueuedSink, SinkFaults>>,
  changed: (body: string) => string = (body) => body,
  hear: Hear = () => undefined,
): Outside {
  const posts = new Map<string, Post[]>();
  const taken = { datadog: 0, slack: 0, sns: 0 };

  /** One request: what the destination does with it, and what its sender hears. */
  async function request(
    sink: QueuedSink,
    body: string,
    told: () => readonly Pick<Post, 'delivery' | 'isMarked'>[],
    note: Note,
  ): Promise<number> {
    if (isDown(faults[sink], clock.nowMs())) throw refusedConnection();
    await clock.sleep(chance.between(20, 400));
    const { status, isTaken } = reply(faults[sink], chance);
    if (isTaken) {
      taken[sink] += 1;
      const foldsBy = foldingKey(sink, body);
      for (const it of told())
        keep({ ...it, atMs: clock.nowMs(), sink, foldsBy, isSettled: false }, body, note);
    }
    if (status !== 0) return status;
    await clock.sleep(TIMEOUT_MS);
    throw new DOMException('no answer', 'TimeoutError');
  }

  function keep(post: Post, body: string, note: Note): void {
    const key = postKey(post.sink, post.delivery);
    const known = posts.get(key);
    if (known) known.push(post);
    else posts.set(key, [post]);
    note(post);
    hear(post, body);
  }

  const single = (sink: QueuedSink, delivery: Delivery | Heartbeat, body: string, note: Note) => {
    if (isHeartbeat(delivery)) throw new Error('nobody here beats');
    return request(sink, body, () => [{ delivery, isMarked: MARK.test(body) }], note);
  };
  const slack = (slackSink: Sinks['slackSink'], ask: (body: string) => Promise<number>) =>
    slackSink({
      readUrl: async () => 'https://hooks.slack.com/services/T0000/B0000/simulation',
      allowLoopback: false,
      post: postBy(ask),
    });
  const connect: Outside['connect'] = {
    slack: ({ slackSink }, note) => ({
      ...slack(slackSink, never),
      send: (delivery, context) =>
        slack(slackSink, (body) => single('slack', delivery, body, note)).send(delivery, context),
      sendDigest(entries, mark) {
        const told = (body: string) =>
          toldIn(body, entries).map(({ notice, isMarked }) => ({ delivery: notice, isMarked }));
        const ask = (body: string) => request('slack', body, () => told(body), note);
        return slack(slackSink, ask).sendDigest(entries, mark);
      },
    }),
    sns: ({ snsSink }, note) => ({
      ...snsSink({ client: topic(never), topicArn: TOPIC }),
      send: (delivery, context) =>
        snsSink({
          client: topic((body) => single('sns', delivery, body, note)),
          topicArn: TOPIC,
        }).send(delivery, context),
    }),
    datadog: ({ datadogSink }, note) => ({
      ...datadog(datadogSink, clock, never),
      send: (delivery, context) =>
        datadog(datadogSink, clock, (body) => single('datadog', delivery, changed(body), note)).send(
          delivery,
          context,
        ),
    }),
  };
  return { connect, posts, taken };
}

const TOPIC = 'arn:aws:sns:eu-west-1:1:n';

function never(): never {
  throw new Error('a request that belongs to no delivery');
}

/** What names a delivery at a sink. */
function postKey(sink: QueuedSink, delivery: Delivery): string {
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

/** How the sinks ask. */
function postBy(ask: Ask): AskByPost {
  return async (_, { body = '' }) => {
    const status = await ask(body);
    const headers = status === 429 ? { 'retry-after': '7' } : {};
    return { status, headers, text: async () => (status === 200 ? '{"status":"ok"}' : 'no') };
  };
}

function isDown({ outage }: SinkFaults, nowMs: number): boolean {
  return outage !== undefined && nowMs >= outage[0] && nowMs < outage[1];
}

function refusedConnection(): Error {
  return Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
}

type Ask = (body: string) => Promise<number>;

function topic(ask: Ask): Pick<SNSClient, 'send'> {
  async function send({ input }: { readonly input: { readonly Message?: string } }): Promise<object> {
    const status = await ask(String(input.Message));
    if (status === 200) return { MessageId: 'simulation' };
    const name = status === 429 ? 'ThrottledException' : 'InternalErrorException';
    throw Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
  }
  return { send } as unknown as Pick<SNSClient, 'send'>;
}

function datadog(datadogSink: Sinks['datadogSink'], clock: Clock, ask: Ask): Sink {
  return datadogSink({
    readKey: async () => '0123456789abcdef0123456789abcdef',
    baseUrl: 'https://api.datadoghq.com',
    now: clock.now,
    post: postBy(ask),
  });
}
