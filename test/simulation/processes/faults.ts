import type { Fault } from '../../doubles/fault-proxy.ts';

/** A fault and how many of ten thousand requests meet it. */
type Odds = readonly (readonly [perTenThousand: number, fault: Fault])[];

const passes = { reaches: true, reply: 'whole' } as const;
const before = { reaches: false } as const;
const after = { reaches: true } as const;

/** Between a function and a destination. 500 and 503 mean "not taken", 502 and 504 "perhaps": see each outcome.ts. */
export const SINK_ODDS: Odds = [
  [200, { name: 'latency', ...passes, delayMs: 60 }],
  [300, { name: '429', ...before, reply: { status: 429, headers: { 'retry-after': '1' } } }],
  [200, { name: '503 before accept', ...before, reply: { status: 503 } }],
  [50, { name: '502 before accept', ...before, reply: { status: 502 } }],
  [100, { name: '504 after accept', ...after, reply: { status: 504 } }],
  [50, { name: 'reset before accept', ...before, reply: 'reset' }],
  [100, { name: 'reset after accept', ...after, reply: 'reset' }],
  [50, { name: 'truncated reply', ...after, reply: 'cut' }],
  [100, { name: 'slow reply', ...after, reply: 'slow' }],
  [6, { name: 'black hole before accept', ...before, reply: 'none' }],
  [6, { name: 'black hole after accept', ...after, reply: 'none' }],
];

const throttled = {
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' }),
};

/** Between a function and AWS; no black holes, for they end as a timeout of the function, which is a kill too. */
export const AWS_ODDS: Odds = [
  [100, { name: 'latency', ...passes, delayMs: 30 }],
  [100, { name: 'throttled', ...before, reply: throttled }],
  [50, { name: '500 before accept', ...before, reply: { status: 500 } }],
  [30, { name: '500 after accept', ...after, reply: { status: 500 } }],
  [30, { name: 'reset before accept', ...before, reply: 'reset' }],
  [30, { name: 'reset after accept', ...after, reply: 'reset' }],
  [20, { name: 'truncated reply', ...after, reply: 'cut' }],
  [20, { name: 'slow reply', ...after, reply: 'slow' }],
];

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The fault of the next request, or none, by the odds. */
export function chooser(odds: Odds, random: () => number): () => Fault | undefined {
  return () => {
    let drawn = random() * 10_000;
    for (const [share, fault] of odds) {
      drawn -= share;
      if (drawn < 0) return fault;
    }
    return undefined;
  };
}

/** Whether the destination may have the message although its sender was not told so. */
export function losesReply({ reaches, reply }: Fault): boolean {
  return reaches && reply !== 'whole' && reply !== 'slow';
}
