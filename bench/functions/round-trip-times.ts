/** How long one request takes from inside of AWS's network, there and back, and who says so. */
interface RoundTrip {
  readonly ms: number;
  readonly source: string;
}

const ASSUMED = 'assumed: nobody publishes it';

/** As of 2026-11-22. Nothing here was measured by us: change a figure, run `npm run bench -- sizes`, and see what it is worth. */
const ROUND_TRIPS: Readonly<Record<string, RoundTrip>> = {
  dynamodb: {
    ms: 5,
    source:
      '"single-digit millisecond": https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Introduction.html',
  },
  sqs: {
    ms: 10,
    source:
      'p50 16 ms from SendMessage to the reader: https://bitesizedserverless.com/bite/serverless-messaging-latency-compared/',
  },
  sns: { ms: 20, source: ASSUMED },
  events: { ms: 20, source: ASSUMED },
  ssm: { ms: 20, source: ASSUMED },
  'api.ecr': { ms: 50, source: ASSUMED },
  'api.datadoghq': { ms: 100, source: ASSUMED },
  'hooks.slack': { ms: 150, source: ASSUMED },
};

/** The milliseconds for a host; throws for one that is not in the list. */
export function roundTripMs(host: string): number {
  const [, found] = Object.entries(ROUND_TRIPS).find(([name]) => host.startsWith(`${name}.`)) ?? [];
  if (!found) throw new Error(`no round trip is assumed for ${host}`);
  return found.ms;
}
