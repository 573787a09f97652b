import {
  type Configuration,
  createConfiguration,
} from '@datadog/datadog-api-client/dist/packages/datadog-api-client-common/configuration.js';
import { BaseServerConfiguration } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-common/servers.js';
import { DatadogFailure } from '../../datadog/failure.ts';
import type { Outcome } from '../../delivery/sink.ts';
import { type Post, post } from '../post.ts';
import { outcomeOf } from './outcome.ts';
import { type Exchange, transport } from './transport.ts';

/** How to reach Datadog's API with both keys, and how patiently. */
export interface Access {
  readonly apiKey: string;
  readonly appKey: string;
  /** `https://api.<site>`, without a trailing slash. */
  readonly baseUrl: string;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Hears of waits. */
  readonly progress: (text: string) => void;
  readonly post?: Post;
  /** How long one request may take. */
  readonly timeoutMs?: number;
}

const MOST_TRIES = 4;
const FIRST_WAIT_MS = 500;
/** A person waits before the screen: what takes longer is told instead. */
const LONGEST_WAIT_SECONDS = 60;

/**
 * Calls the client and returns what Datadog wrote, which says more than the client's model of it. Tries again what Datadog
 * refused for now (429, 500, 503, no connection), and what nobody knows the outcome of (502, a lost reply) only when
 * doing it twice `isHarmless`. Throws DatadogFailure.
 */
export async function ask(
  call: (configuration: Configuration) => Promise<unknown>,
  access: Access,
  isHarmless: boolean,
): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    const { outcome, exchange } = await tryOnce(call, access);
    if (outcome.state === 'sent') return parsed(exchange);
    const again = outcome.state === 'refused' || (outcome.state === 'unknown' && isHarmless);
    const waitMs = waitFor(outcome, tries);
    if (!again || tries === MOST_TRIES || waitMs > LONGEST_WAIT_SECONDS * 1000)
      throw failure(outcome, exchange);
    access.progress(`${outcome.why}; again in ${(waitMs / 1000).toFixed(1)} s`);
    await access.sleep(waitMs);
  }
}

async function tryOnce(
  call: (configuration: Configuration) => Promise<unknown>,
  access: Access,
): Promise<{ readonly outcome: Outcome; readonly exchange: Exchange }> {
  const { apiKey, appKey, baseUrl, timeoutMs = 20_000 } = access;
  const exchange: Exchange = {};
  const configuration = createConfiguration({
    authMethods: { apiKeyAuth: apiKey, appKeyAuth: appKey },
    baseServer: new BaseServerConfiguration(baseUrl, {}),
    enableRetry: false,
    httpApi: transport(access.post ?? post, timeoutMs, exchange),
  });
  try {
    await call(configuration);
    return { outcome: { state: 'sent' }, exchange };
  } catch (error) {
    return { outcome: outcomeOf(error, exchange, [apiKey, appKey]), exchange };
  }
}

function waitFor(outcome: Outcome, tries: number): number {
  const asked = outcome.state === 'refused' ? outcome.retryAfterSeconds : undefined;
  return asked === undefined ? FIRST_WAIT_MS * 2 ** (tries - 1) : asked * 1000;
}

function failure(outcome: Exclude<Outcome, { state: 'sent' }>, { status }: Exchange): DatadogFailure {
  const asked = outcome.state === 'refused' && outcome.retryAfterSeconds;
  const wait = asked ? `; it asks to come back in ${asked} s` : '';
  return new DatadogFailure(`${outcome.why}${wait}`, { status, isUnsure: outcome.state === 'unknown' });
}

function parsed({ status, text = '' }: Exchange): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DatadogFailure(`Datadog answered ${status} with something that is not JSON`, { status });
  }
}
