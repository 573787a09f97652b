import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';

/** A connection that nobody has used for longer may be dead: the function may have slept, and a reset would look unknown. */
const FRESH_MS = 2_000;
const TIMEOUT_MS = 1_000;

interface Warm {
  readonly agent: HttpAgent | HttpsAgent;
  readonly atMs: number;
}

const WARM = new Map<string, Warm>();

/**
 * Opens a connection by a GET of `url`, whatever the answer is, for the next request to its origin. Not by HEAD, after which
 * Node keeps none. Rejects with Node's error.
 */
export async function warmUp(url: string, nowMs: () => number = Date.now): Promise<void> {
  const { origin, protocol } = new URL(url);
  const [Agent, request] = protocol === 'https:' ? [HttpsAgent, requestHttps] : [HttpAgent, requestHttp];
  const agent = new Agent({ keepAlive: true });
  await new Promise((resolve, reject) => {
    request(url, { agent, signal: AbortSignal.timeout(TIMEOUT_MS) })
      // The agent has it back in the turn after.
      .on('response', (answer) => answer.resume().on('close', () => setImmediate(resolve)))
      .on('error', reject)
      .end();
  });
  WARM.set(origin, { agent, atMs: nowMs() });
}

/** What holds the connection that was opened for this address, once, and as long as it is fresh. */
export function takeWarm(url: string, nowMs: () => number = Date.now): Warm['agent'] | undefined {
  const { origin } = new URL(url);
  const warm = WARM.get(origin);
  if (!warm) return undefined;
  WARM.delete(origin);
  if (nowMs() - warm.atMs <= FRESH_MS) return warm.agent;
  warm.agent.destroy();
  return undefined;
}
