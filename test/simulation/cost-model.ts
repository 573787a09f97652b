import { PRICES } from './prices.ts';

/** What AWS bills by the piece, for one of something. */
export interface Use {
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Each is sent, received and deleted, and on a quiet day it is an invocation of its own. */
  readonly messages: number;
  /** Ours; Lambda adds its own. */
  readonly logBytes: number;
  readonly publishes: number;
  /** To Datadog and Slack: bodies as they were sent. */
  readonly egressBytes: number;
}

/** What cannot be measured here. */
const ASSUMED = {
  /** A warm call at 256 MB, with real round trips to AWS and the sinks. */
  secondsPerInvocation: 0.15,
  gigabytes: 0.25,
  /** START, END and REPORT. */
  lambdaLogBytes: 350,
  /** TLS and headers, per request that leaves. */
  egressOverheadBytes: 1500,
} as const;

export interface Row {
  readonly what: keyof typeof PRICES;
  /** For one. */
  readonly quantity: number;
  /** For a million. */
  readonly usd: number;
}

/** What a million of something costs, by row, dearest first. */
export function costOfMillion(use: Use): readonly Row[] {
  const { secondsPerInvocation, gigabytes, lambdaLogBytes, egressOverheadBytes } = ASSUMED;
  const { messages } = use;
  const quantities: Readonly<Record<keyof typeof PRICES, number>> = {
    writeUnits: use.writeUnits,
    readUnits: use.readUnits,
    queueRequests: 3 * messages,
    invocations: messages,
    gigabyteSeconds: messages * secondsPerInvocation * gigabytes,
    publishes: use.publishes,
    // A kB of one is a GB of a million.
    logGigabytes: (use.logBytes + messages * lambdaLogBytes) / 1000,
    egressGigabytes: (use.egressBytes + (use.egressBytes > 0 ? egressOverheadBytes : 0)) / 1000,
  };
  return Object.entries(quantities)
    .map(([name, quantity]) => {
      const what = name as keyof typeof PRICES;
      return { what, quantity, usd: quantity * PRICES[what].usd };
    })
    .sort((a, b) => b.usd - a.usd);
}

export function totalUsd(rows: readonly Row[]): number {
  return rows.reduce((sum, { usd }) => sum + usd, 0);
}

/** One table, a column for each use; dollars per million. */
export function costTable(uses: Readonly<Record<string, Use>>): string {
  const columns = Object.entries(uses).map(([name, use]) => ({ name, rows: costOfMillion(use) }));
  const line = (cells: readonly string[]) => `${cells.map((cell) => cell.padStart(26)).join('')}\n`;
  const cell = (rows: readonly Row[], what: string) => {
    const row = rows.find((it) => it.what === what);
    return row ? `${Number(row.quantity.toFixed(4))}  $${row.usd.toFixed(2)}` : '';
  };
  return [
    line(['$ per million', ...columns.map(({ name }) => name)]),
    ...Object.keys(PRICES).map((what) => line([what, ...columns.map(({ rows }) => cell(rows, what))])),
    line(['total', ...columns.map(({ rows }) => `$${totalUsd(rows).toFixed(2)}`)]),
  ].join('');
}
