import { randomUUID } from 'node:crypto';
import type { Bus } from './event-bus.ts';
import { type Endpoint, serve } from './http.ts';
import { jsonProtocol, ServiceFault } from './json-protocol.ts';

/** What somebody put on the bus, as its rules see it. */
interface PutEvent {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface EventsApi extends Endpoint {
  /** In order of arrival. */
  readonly taken: readonly PutEvent[];
  /** Makes the next entries fail; the call itself succeeds, as EventBridge has it. */
  failEntries(count: number, code: string): void;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const MOST_BYTES = 256 * 1024;

interface Entry {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly Resources?: readonly string[];
}

/** Serves EventBridge's PutEvents over the default bus. */
export async function startEventsApi(
  bus: Pick<Bus, 'put'>,
  { account, region, now = () => new Date() }: { account: string; region: string; now?: () => Date },
): Promise<EventsApi> {
  const taken: PutEvent[] = [];
  const planned: string[] = [];
  const put = (entry: Entry) => {
    const code = planned.shift() ?? refusal(entry);
    if (code) return { ErrorCode: code, ErrorMessage: 'not taken' };
    const event = {
      ...{
        version: '0',
        id: randomUUID(),
        source: entry.Source ?? '',
        'detail-type': entry.DetailType ?? '',
      },
      ...{
        account,
        time: now()
          .toISOString()
          .replace(/\.\d+Z$/, 'Z'),
        region,
      },
      ...{ resources: entry.Resources ?? [], detail: JSON.parse(entry.Detail ?? '{}') },
    };
    taken.push(event);
    bus.put(event);
    return { EventId: event.id };
  };
  const endpoint = await serve(
    jsonProtocol({
      PutEvents({ Entries }: { Entries: readonly Entry[] }) {
        if (Buffer.byteLength(JSON.stringify(Entries)) > MOST_BYTES)
          throw new ServiceFault(
            'ValidationException',
            'Total size of the entries in the request is over the limit.',
          );
        const results = Entries.map(put);
        return { FailedEntryCount: results.filter((it) => 'ErrorCode' in it).length, Entries: results };
      },
    }),
  );
  return {
    ...endpoint,
    taken,
    failEntries: (count, code) => void planned.push(...Array(count).fill(code)),
  };
}

/** Why an entry is not taken. */
function refusal({ EventBusName = 'default', Source = '', DetailType = '', Detail = '' }: Entry) {
  if (EventBusName !== 'default' && !EventBusName.endsWith(':event-bus/default'))
    return 'ResourceNotFoundException';
  if (Source.startsWith('aws.')) return 'NotAuthorizedForSourceException';
  if (Source === '' || DetailType === '') return 'InvalidArgument';
  return isObject(Detail) ? undefined : 'MalformedDetail';
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
