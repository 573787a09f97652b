import { type Endpoint, type LocalRequest, type LocalResponse, serve } from './http.ts';
import { readObject } from './json-body.ts';
import { type Scripted, scripted } from './reply-script.ts';

/** One point of one series. */
interface Point {
  readonly metric: string;
  /** 0 unspecified, 1 count, 2 rate, 3 gauge. */
  readonly type: number;
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly value: number;
  readonly metricTags: readonly string[];
}

interface DatadogEvent {
  readonly title: string;
  readonly text: string;
  readonly [field: string]: unknown;
}

export interface DatadogServer extends Endpoint, Scripted {
  /** What a graph would show, in order of arrival. */
  readonly series: readonly Point[];
  /** Points Datadog took with a 202 and threw away: more than an hour old, or ten minutes ahead. */
  readonly lostPoints: readonly Point[];
  readonly events: readonly DatadogEvent[];
  /** Every accepted request as it came. */
  readonly requests: readonly { readonly path: string; readonly body: string }[];
}

const maxBodyBytes = 512_000;

/**
 * Serves Datadog's metric and event intake and keeps what it accepts. Compressed bodies are refused with 415.
 * Source: https://docs.datadoghq.com/api/latest/metrics/#submit-metrics
 */
export async function startDatadog(of: {
  readonly apiKey: string;
  readonly now?: () => Date;
}): Promise<DatadogServer> {
  const { apiKey, now = () => new Date() } = of;
  const series: Point[] = [];
  const lostPoints: Point[] = [];
  const events: DatadogEvent[] = [];
  const requests: { path: string; body: string }[] = [];

  const accept: Readonly<Record<string, (body: Body, request: LocalRequest) => LocalResponse>> = {
    '/api/v2/series': (body) => {
      if (!Array.isArray(body.series)) return errors(400, 'series is required');
      const nowSeconds = now().getTime() / 1000;
      for (const point of body.series.flatMap(pointsOf)) {
        (isInWindow(point, nowSeconds) ? series : lostPoints).push(point);
      }
      return json(202, { errors: [] });
    },
    '/api/v1/events': (body, { headers }) => {
      if (!isEvent(body)) return errors(400, 'title and text are required');
      events.push(body);
      return json(202, eventReply(body, events.length, String(headers.host), now()));
    },
  };

  const script = scripted((request) => {
    const { path, body } = request;
    const action = accept[path];
    if (request.method !== 'POST' || !action) return errors(404, 'Not found');
    const refusal = refuse(request, apiKey);
    if (refusal) return refusal;
    const document = readObject(body);
    if (!document) return errors(400, 'Payload is not in the expected format: not a JSON object');
    const reply = action(document, request);
    if (reply.status === 202) requests.push({ path, body });
    return reply;
  });
  const endpoint = await serve(script.respond);
  return { ...endpoint, plan: script.plan, series, lostPoints, events, requests };
}

type Body = Readonly<Record<string, unknown>>;

interface Series {
  readonly metric: string;
  readonly type?: number;
  readonly points?: readonly { readonly timestamp: number; readonly value: number }[];
  readonly tags?: readonly string[];
}

function refuse({ headers, body }: LocalRequest, apiKey: string): LocalResponse | undefined {
  if (headers['dd-api-key'] !== apiKey) return errors(403, 'Forbidden');
  if (headers['content-encoding'] !== undefined) return errors(415, 'send the body uncompressed');
  if (Buffer.byteLength(body) <= maxBodyBytes) return undefined;
  return { status: 413, headers: { 'content-type': 'text/html' }, body: '<h1>413 Payload Too Large</h1>' };
}

function pointsOf({ metric, type = 0, points = [], tags = [] }: Series): readonly Point[] {
  return points.map(({ timestamp, value }) => ({ metric, type, timestamp, value, metricTags: tags }));
}

function isInWindow({ timestamp }: Point, nowSeconds: number): boolean {
  return timestamp >= nowSeconds - 3600 && timestamp <= nowSeconds + 600;
}

function isEvent(body: Body): body is DatadogEvent {
  return typeof body.title === 'string' && typeof body.text === 'string';
}

function eventReply(event: DatadogEvent, id: number, host: string, at: Date) {
  const { title, text, date_happened = Math.floor(at.getTime() / 1000), priority = null, tags = [] } = event;
  const links = { id, id_str: String(id), url: `http://${host}/event/event?id=${id}` };
  const fields = { title, text, date_happened, handle: null, priority, related_event_id: null, tags };
  return { status: 'ok', event: { ...fields, ...links } };
}

function errors(status: number, message: string): LocalResponse {
  return json(status, { errors: [message] });
}

function json(status: number, document: unknown): LocalResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(document) };
}
