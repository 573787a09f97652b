// `node --expose-gc invoke-many.mjs <bundle file> <export>`: one process, one loaded bundle, as on Lambda. The parent
// sends `{ body, invocations }`; back comes the heap in bytes after a full collection, at every tenth of the way.
import { createRequire } from 'node:module';
import { argv } from 'node:process';

/** @typedef {{ body?: string, invocations: number }} Work */

const [file = '', exportName = ''] = argv.slice(2);
const handler = createRequire(import.meta.url)(file)[exportName];
const TENTHS = 10;
/** On Lambda one follows the other. What they leave is the same, and the process waits less for its own requests. */
const AT_ONCE = 8;

/** @param {string} text @param {number} n */
function numbered(text, n) {
  const hex = n.toString(16).padStart(8, '0');
  return text.replaceAll('ffffffff', hex);
}

/** @param {string} body @param {number} n */
function oneMessage(body, n) {
  const record = {
    messageId: `message-${n}`,
    receiptHandle: `handle-${n}`,
    body: numbered(body, n),
    attributes: { ApproximateReceiveCount: '1', ApproximateFirstReceiveTimestamp: String(Date.now()) },
  };
  return { Records: [record] };
}

/** Collected twice: what a first pass finalizes, a second one frees. */
function heapBytes() {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/**
 * @param {string | undefined} body of a message; without one it is a schedule that calls
 * @param {number} n
 * @returns {Promise<number>} how many messages failed
 */
async function invoke(body, n) {
  const event = body === undefined ? { source: 'aws.events' } : oneMessage(body, n);
  const answer = await handler(event, {
    awsRequestId: `request-${n}`,
    functionName: 'function',
    getRemainingTimeInMillis: () => 300_000,
  });
  return answer?.batchItemFailures.length ?? 0;
}

/** @param {Work} work */
async function run({ body, invocations }) {
  const heaps = [];
  let failures = 0;
  let next = 0;
  /** @param {number} end */
  const goOnUntil = async (end) => {
    while (next < end) failures += await invoke(body, next++);
  };
  for (let tenth = 1; tenth <= TENTHS; tenth += 1) {
    const end = (invocations / TENTHS) * tenth;
    await Promise.all(Array.from({ length: AT_ONCE }, () => goOnUntil(end)));
    heaps.push(heapBytes());
  }
  const { user, system } = process.cpuUsage();
  process.send?.({ heaps, failures, cpuSeconds: (user + system) / 1e6 });
}

process.on('disconnect', () => process.exit());
process.on('message', (work) => void run(/** @type {Work} */ (work)));
