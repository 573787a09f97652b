// `node --expose-gc invoke-many.mjs <bundle file> <export>`: one process, one loaded bundle, as on Lambda. The parent
// sends `{ body, invocations }`; back comes the heap in bytes after a full collection, at every tenth of the way.
import { createRequire } from 'node:module';
import { argv } from 'node:process';

const [file = '', exportName = ''] = argv.slice(2);
const handler = createRequire(import.meta.url)(file)[exportName];
const TENTHS = 10;

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

/** @param {{ body: string, invocations: number }} work */
async function run({ body, invocations }) {
  const heaps = [];
  let failures = 0;
  for (let n = 0; n < invocations; n += 1) {
    const { batchItemFailures } = await handler(oneMessage(body, n), { awsRequestId: `request-${n}` });
    failures += batchItemFailures.length;
    if ((n + 1) % (invocations / TENTHS) === 0) heaps.push(heapBytes());
  }
  process.send?.({ heaps, failures });
}

process.on('disconnect', () => process.exit());
process.on('message', (work) => void run(/** @type {{ body: string, invocations: number }} */ (work)));
