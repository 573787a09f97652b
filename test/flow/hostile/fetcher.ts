import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseDigest } from '../../../lib/image/digest.ts';
import { fetchBlob } from '../../../lib/registry/blob.ts';

// A process of its own: fetches one good blob to warm up, and then the one that it is told to. Prints what it cost.

/** What one fetch came to; memory in KiB. */
export interface Fetched {
  readonly outcome: string;
  readonly milliseconds: number;
  readonly extraKib: number;
}

interface Ask {
  readonly address: string;
  readonly digest: string;
  readonly size: number;
}

const SOURCE = { region: 'us-east-1', allowLoopback: true };

async function fetchIt({ address, digest, size }: Ask): Promise<string> {
  try {
    return `taken: ${(await fetchBlob(address, { digest: parseDigest(digest), size }, SOURCE)).length}`;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

/** The most that the process has held since the last `forgetPeak`, as the kernel counts it. Linux only. */
function peakKib(): number {
  const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kib);
}

/** Source: https://docs.kernel.org/filesystems/proc.html (clear_refs, 5: reset the peak) */
function forgetPeak(): void {
  writeFileSync('/proc/self/clear_refs', '5');
}

const [good, hostile] = process.argv.slice(2).map((text): Ask => JSON.parse(text));
if (!good || !hostile) throw new Error('give two blobs as JSON: a good one, and another');
for (let round = 0; round < 5; round++) await fetchIt(good);
globalThis.gc?.();
await sleep(20);

forgetPeak();
const beforeKib = peakKib();
const startedMs = performance.now();
const outcome = await fetchIt(hostile);
const milliseconds = performance.now() - startedMs;
const fetched: Fetched = { outcome, milliseconds, extraKib: peakKib() - beforeKib };
process.stdout.write(JSON.stringify(fetched));
