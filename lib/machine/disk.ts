import { statfs } from 'node:fs/promises';
import { type Reading, reading } from '../doctor/reading.ts';
import type { DiskFacts } from '../troubleshoot/facts.ts';

/** What is free in the first of these folders that exists; absent when none does. */
export function readDisk(folders: readonly string[]): Promise<Reading<DiskFacts>> {
  return reading('read the disk', async () => {
    for (const path of folders) {
      const found = await statfs(path).catch(() => undefined);
      if (found) return { path, freeBytes: found.bavail * found.bsize };
    }
    return undefined;
  });
}
