import { PRICES } from './prices.ts';

/** What a function was used for. */
interface Calls {
  /** Each is sent, received and deleted, and on a quiet day it is an invocation of its own. */
  readonly messages: number;
  /** Its own; Lambda adds its lines. */
  readonly logBytes: number;
}

/** What AWS bills by the piece, for one of something. */
export interface Use {
  readonly writeUnits: number;
  readonly readUnits: number;
  /** By the function's short name. */
  readonly calls: Readonly<Record<string, Calls>>;
  readonly publishes: number;
  /** To Datadog and Slack: bodies as they were sent. */
  readonly egressBytes: number;
}

/** How long a call of a function takes, and with what it is multiplied. */
interface Billed {
  readonly seconds: number;
  readonly gigabytes: number;
}
export type BilledFor = (name: string) => Billed;

/** What cannot be measured here. */
const ASSUMED = {
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

/** What a million of something costs, by row. */
export function costOfMillion(use: Use, billedFor: BilledFor): readonly Row[] {
  const { egressOverheadBytes } = ASSUMED;
  const functions = costByFunction(use, billedFor);
  const sum = (of: (it: FunctionCost) => number) => functions.reduce((total, it) => total + of(it), 0);
  const quantities: Readonly<Record<keyof typeof PRICES, number>> = {
    writeUnits: use.writeUnits,
    readUnits: use.readUnits,
    queueRequests: 3 * sum(({ messages }) => messages),
    invocations: sum(({ messages }) => messages),
    gigabyteSeconds: sum(({ gigabyteSeconds }) => gigabyteSeconds),
    publishes: use.publishes,
    logGigabytes: sum(({ logGigabytes }) => logGigabytes),
    // A kB of one is a GB of a million.
    egressGigabytes: (use.egressBytes + (use.egressBytes > 0 ? egressOverheadBytes : 0)) / 1000,
  };
  return Object.entries(quantities).map(([name, quantity]) => {
    const what = name as keyof typeof PRICES;
    return { what, quantity, usd: quantity * PRICES[what].usd };
  });
}

/** A function's part of one of something; dollars are of a million, for its queue, its time and its log. */
export interface FunctionCost {
  readonly name: string;
  readonly messages: number;
  readonly gigabyteSeconds: number;
  readonly logGigabytes: number;
  readonly usd: number;
}

/** What can be told apart by function: all but tables, topics and traffic. */
export function costByFunction({ calls }: Use, billedFor: BilledFor): readonly FunctionCost[] {
  return Object.entries(calls).map(([name, { messages, logBytes }]) => {
    const { seconds, gigabytes } = billedFor(name);
    const gigabyteSeconds = messages * seconds * gigabytes;
    const logGigabytes = (logBytes + messages * ASSUMED.lambdaLogBytes) / 1000;
    const usd =
      messages * (3 * PRICES.queueRequests.usd + PRICES.invocations.usd) +
      gigabyteSeconds * PRICES.gigabyteSeconds.usd +
      logGigabytes * PRICES.logGigabytes.usd;
    return { name, messages, gigabyteSeconds, logGigabytes, usd };
  });
}

export function totalUsd(rows: readonly { readonly usd: number }[]): number {
  return rows.reduce((sum, { usd }) => sum + usd, 0);
}

/** Both, one after the other. */
export function both(one: Use, other: Use): Use {
  const names = new Set([...Object.keys(one.calls), ...Object.keys(other.calls)]);
  const nothing: Calls = { messages: 0, logBytes: 0 };
  const calls = [...names].map((name): [string, Calls] => {
    const [a, b] = [one.calls[name] ?? nothing, other.calls[name] ?? nothing];
    return [name, { messages: a.messages + b.messages, logBytes: a.logBytes + b.logBytes }];
  });
  return {
    writeUnits: one.writeUnits + other.writeUnits,
    readUnits: one.readUnits + other.readUnits,
    calls: Object.fromEntries(calls),
    publishes: one.publishes + other.publishes,
    egressBytes: one.egressBytes + other.egressBytes,
  };
}
