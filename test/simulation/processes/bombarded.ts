import { packageService } from '../../../local/package.ts';
import { type RunningStack, startStack } from '../../../local/stack.ts';
import { type FaultProxy, startFaultProxy } from '../../doubles/fault-proxy.ts';
import { AWS_ODDS, chooser, SINK_ODDS, seeded } from './faults.ts';

const AWS = ['ecr', 'sqs', 'sns', 'dynamodb'] as const;
const SINKS = ['datadog', 'slack', 'sns'] as const;
type Part = (typeof AWS)[number] | (typeof SINKS)[number];

/** The packaged service, with a fault proxy between its functions and everything that they call. */
export interface Bombarded {
  readonly stack: RunningStack;
  readonly proxies: Readonly<Record<Part, FaultProxy>>;
  stop(): Promise<void>;
}

/** Leases stay as they are in production (35 s); what waits for minutes waits for seconds. */
export async function startBombarded(seed: number): Promise<Bombarded> {
  let stack: RunningStack | undefined;
  const parts = [...new Set<Part>([...AWS, ...SINKS])];
  const started = await Promise.all(
    parts.map(async (part, index): Promise<[Part, FaultProxy]> => {
      const odds = SINKS.some((sink) => sink === part) ? SINK_ODDS : AWS_ODDS;
      const target = () => stack?.[part].url ?? '';
      return [part, await startFaultProxy(target, chooser(odds, seeded(seed * 100 + index)))];
    }),
  );
  const proxies = Object.fromEntries(started) as Record<Part, FaultProxy>;
  const packaged = await packageService({ root: process.cwd(), reuse: true });
  stack = await startStack({
    packaged,
    processesPerFunction: 3,
    // One look, and the second finds the lease of a killed process over; in production the first does.
    retryAfterCrashSeconds: 30,
    longestPauseSeconds: 6,
    // As much shorter as the window of Slack's digests is below: a twentieth.
    longestGatheringSeconds: 1,
    environment: {
      ...Object.fromEntries(AWS.map((part) => [`AWS_ENDPOINT_URL_${part.toUpperCase()}`, proxies[part].url])),
      SCAN_RESPONSE_DATADOG_URL: proxies.datadog.url,
      SCAN_RESPONSE_RETRY_SECONDS: '1',
      SCAN_RESPONSE_SLACK_DIGEST_WINDOW_SECONDS: '3',
      // The machine is the limit here.
      SCAN_RESPONSE_SCANS_PER_SECOND: '1000',
      POWERTOOLS_LOG_LEVEL: 'warn',
      // Most processes are killed after a few hundred requests, of which optimizing the SDK's code takes a quarter and
      // gives nothing back: it begins four times as late.
      LOCAL_V8_FLAGS: '--interrupt-budget=264000',
    },
  });
  leadSlackThrough(stack, proxies.slack);
  const running = stack;
  return {
    stack: running,
    proxies,
    async stop() {
      await running.stop();
      await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
      await packaged.dispose();
    },
  };
}

function leadSlackThrough({ parameters, slack }: RunningStack, proxy: FaultProxy): void {
  for (const [name, value] of parameters) {
    if (value === slack.webhookUrl) parameters.set(name, value.replace(slack.url, proxy.url));
  }
}
