import type { QueuedSink } from '../../lib/delivery/delivery.ts';

/** Of what nobody folds. */
export const ADDS_UP = 'adds up';

/** By what a sink folds a repeat of a body into what it has: Datadog alone does. Bodies are too many to be kept. */
export function foldingKey(sink: QueuedSink, body: string): string {
  if (sink !== 'datadog') return ADDS_UP;
  const { series, aggregation_key: key } = JSON.parse(body) as {
    readonly series?: readonly { readonly type: number }[];
    readonly aggregation_key?: string;
  };
  if (series) return series.every(({ type }) => type === GAUGE) ? 'overwrites' : ADDS_UP;
  return key ?? ADDS_UP;
}

const GAUGE = 3;
