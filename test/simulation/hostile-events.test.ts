import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEvent } from '../../lib/intake/parse.ts';
import { sampleMessages } from '../hostile/samples.ts';
import { eventsVerdict } from './hostile-events.ts';
import { R10 } from './hostile-promise.ts';
import { isFull, record } from './report/row.ts';

/** `EVENTS=1000 SEED=7` for another number of them, from another seed on. */
const EVENTS = Number(process.env.EVENTS ?? (isFull ? 1_000_000 : 20_000));
const FIRST = Number(process.env.SEED ?? 1);

// Most of what is refused throws, and nobody reads where.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

test(`R10: ${EVENTS} fuzzed messages: read, or refused with a reason, and none holds its batch up`, () => {
  const names = Object.getOwnPropertyNames(Object.prototype);
  const { accepted, refused, wrong } = eventsVerdict(FIRST, EVENTS, sampleMessages());
  record({
    ...R10,
    size: EVENTS,
    measured: { 'fuzzed messages': EVENTS, 'of them accepted': accepted, 'wrong answers': wrong.length },
    pass: wrong.length === 0,
  });
  expect(wrong).toEqual([]);
  expect(Math.min(accepted, refused)).toBeGreaterThan(EVENTS / 50);
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(names);
}, 1_800_000);

/** What a careless reader would do. */
test.each<[string, (body: string) => unknown, RegExp]>([
  [
    'that trusts the type',
    (body) => JSON.parse(body).detail['image-digest'].slice(7),
    /throws (Type|Syntax)Error/,
  ],
  [
    'that quotes what came',
    (body) => {
      try {
        return parseEvent(body);
      } catch (error) {
        (error as Error).message = `${(error as Error).message}: ${body}`;
        throw error;
      }
    },
    /acts or hides|too many words/,
  ],
  ['without a grammar', (body) => ({ tag: `${JSON.parse(JSON.stringify(body))}` }), /a tag that cannot be/],
])('a planted reader %s is found', (_, reader, complaint) => {
  const { wrong } = eventsVerdict(1, 2_000, sampleMessages(), { reader });
  expect(wrong.join('\n')).toMatch(complaint);
});
