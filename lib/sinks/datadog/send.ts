import {
  type Configuration,
  createConfiguration,
} from '@datadog/datadog-api-client/dist/packages/datadog-api-client-common/configuration.js';
import { BaseServerConfiguration } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-common/servers.js';
import { EventsApi } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/apis/EventsApi.js';
import type { EventCreateRequest } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/EventCreateRequest.js';
import { MetricsApi } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/apis/MetricsApi.js';
import { isHeartbeat, type SinkMessage } from '../../delivery/delivery.ts';
import type { Outcome, ReadSecret, Sink } from '../../delivery/sink.ts';
import { type Post, post } from '../post.ts';
import { warmUp } from '../warm.ts';
import { auditEvent } from './audit-event.ts';
import { noticeEvent } from './event.ts';
import { outcomeOf } from './outcome.ts';
import { answeredSeries, gaugeSeries, heartbeatSeries } from './series.ts';
import { type Exchange, transport } from './transport.ts';

export interface DatadogOptions {
  /** Reads the API key. An application key is not needed. */
  readonly readKey: ReadSecret;
  /** `https://api.<site>`, without a trailing slash. */
  readonly baseUrl: string;
  readonly now?: () => Date;
  readonly post?: Post;
  /** How long one request may take. */
  readonly timeoutMs?: number;
}

/**
 * About 250 bytes each, up to 550 with the longest names, and the API takes 512,000 bytes:
 * https://docs.datadoghq.com/api/latest/metrics/#submit-metrics
 */
const SERIES_PER_REQUEST = 900;

/** One call of the client; resolves to the id that Datadog gave, if it gave one. */
type Request = (configuration: Configuration) => Promise<string | undefined>;

/**
 * Datadog: measurements as gauges, notices as events. Gauges overwrite themselves and events fold by their
 * aggregation key, so a repeat needs no mark. A refused key is read afresh, once per delivery.
 */
export function datadogSink(options: DatadogOptions): Sink {
  const { readKey, now = () => new Date() } = options;
  return {
    name: 'datadog',

    async isConfigured() {
      return Boolean(await readKey());
    },

    warmUp: () => Promise.all([readKey(), warmUp(`${options.baseUrl}/api/v1/validate`)]),

    async send(delivery) {
      const requests = requestsFor(delivery, now());
      try {
        return await sendWithKey(requests, options);
      } catch {
        return NOT_READABLE;
      }
    },
  };
}

/** Throws what reading the key throws, and nothing else. */
async function sendWithKey(requests: readonly Request[], options: DatadogOptions): Promise<Outcome> {
  const key = await options.readKey();
  if (!key) return NO_KEY;
  const first = await sendAll(requests, key, options);
  if (!first.isKeyRefused) return first.outcome;
  const fresh = await options.readKey({ refresh: true });
  return fresh ? (await sendAll(requests, fresh, options)).outcome : NO_KEY;
}

/** Also after a 403: whether the key was changed is not known, so the queue asks again. */
const NOT_READABLE: Outcome = {
  state: 'refused',
  why: 'the API key could not be read; check the right to read its parameter',
};

/** It was there when the message was taken, or the old one was refused: another is on its way. */
const NO_KEY: Outcome = {
  state: 'refused',
  why: 'Datadog is not configured: put the API key into its parameter',
};

interface Try {
  readonly outcome: Outcome;
  readonly isKeyRefused: boolean;
}

function requestsFor(delivery: SinkMessage, now: Date): readonly Request[] {
  if (delivery.kind === 'notice') {
    return [eventRequest(noticeEvent(delivery, now))];
  }
  if (isHeartbeat(delivery) && delivery.news)
    return [eventRequest(auditEvent(delivery.news, delivery.deployment, now))];
  const series = isHeartbeat(delivery)
    ? heartbeatSeries(delivery)
    : [...gaugeSeries(delivery, now), ...answeredSeries(delivery, now)];
  return Array.from({ length: Math.ceil(series.length / SERIES_PER_REQUEST) }, (_, index) => {
    const from = index * SERIES_PER_REQUEST;
    const body = { series: series.slice(from, from + SERIES_PER_REQUEST) };
    return async (configuration) => {
      await new MetricsApi(configuration).submitMetrics({ body });
      return undefined;
    };
  });
}

function eventRequest(body: EventCreateRequest): Request {
  return async (configuration) => (await new EventsApi(configuration).createEvent({ body })).event?.idStr;
}

/** One after the other, up to the first that is not sent: the queue's next try sends all of them again. */
async function sendAll(requests: readonly Request[], key: string, options: DatadogOptions): Promise<Try> {
  let last: Try = { outcome: { state: 'sent' }, isKeyRefused: false };
  for (const request of requests) {
    last = await sendOne(request, key, options);
    if (last.outcome.state !== 'sent') return last;
  }
  return last;
}

async function sendOne(request: Request, key: string, options: DatadogOptions): Promise<Try> {
  const exchange: Exchange = {};
  const configuration = createConfiguration({
    authMethods: { apiKeyAuth: key },
    baseServer: new BaseServerConfiguration(options.baseUrl, {}),
    enableRetry: false,
    httpApi: transport(options.post ?? post, options.timeoutMs ?? 8_000, exchange),
  });
  try {
    const receipt = await request(configuration);
    return { outcome: { state: 'sent', ...(receipt && { receipt }) }, isKeyRefused: false };
  } catch (error) {
    const isKeyRefused = exchange.status === 401 || exchange.status === 403;
    return { outcome: outcomeOf(error, exchange, [key]), isKeyRefused };
  }
}
