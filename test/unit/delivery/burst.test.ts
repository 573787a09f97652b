import { expect, test } from 'vitest';
import { pauseSeconds } from '../../../lib/delivery/deliver.ts';

/** Receives after which a message goes to the dead letters (resources/queues.yml). */
const RECEIVES = 150;
const ROUND_MS = 200;
/** Two invocations of five messages (serverless.yml). */
const TAKEN = 10;

/** How many of so many messages reach a sink that works, takes one a second, and asks the others for a second. */
function sentOf(count: number): { readonly sent: number; readonly minutes: number } {
  let waiting = Array.from({ length: count }, () => ({ visibleMs: 0, receives: 0, isSent: false }));
  let sent = 0;
  let nowMs = 0;
  for (let freeMs = 0; waiting.length > 0; nowMs += ROUND_MS) {
    for (const message of waiting.filter(({ visibleMs }) => visibleMs <= nowMs).slice(0, TAKEN)) {
      message.receives += 1;
      message.isSent = nowMs >= freeMs;
      if (message.isSent) freeMs = nowMs + 1000;
      const refused = { state: 'refused', why: '429', retryAfterSeconds: 1 } as const;
      message.visibleMs = nowMs + 1000 * pauseSeconds(refused, message.receives);
    }
    sent += waiting.filter(({ isSent }) => isSent).length;
    // SQS gives out whichever it likes: the longest refused go last here.
    waiting = waiting
      .filter(({ isSent, receives }) => !isSent && receives < RECEIVES)
      .sort((a, b) => a.receives - b.receives);
  }
  return { sent, minutes: nowMs / 60_000 };
}

test.each([
  [1, 1],
  [50, 1],
  [1000, 40],
  [3000, 75],
])(
  'a burst of %d messages is at the sink within %d min, none in the dead letters',
  (count, withinMinutes) => {
    const { sent, minutes } = sentOf(count);
    expect(sent).toBe(count);
    expect(minutes).toBeLessThan(withinMinutes);
  },
);
