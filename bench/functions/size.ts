import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { zipSync } from 'fflate';
import type { Bench } from './bench.ts';
import type { Program } from './programs.ts';

/** In a zip as the deployment makes it, of this one file. */
export function zipBytes(file: string): number {
  return zipSync({ [basename(file)]: readFileSync(file) }, { level: 9 }).length;
}

/** Bytes of each bundle, and of its zip. */
export function sizes({ builds, floor, obvious, record }: Bench): void {
  const programs: Program[] = [floor, obvious, ...builds.flatMap(({ functions }) => [...functions.values()])];
  for (const { name, file } of programs) {
    const values = { bytes: readFileSync(file).length, zipBytes: zipBytes(file) };
    record({ what: 'size', program: name, round: 1, values });
  }
}
