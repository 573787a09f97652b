import { once } from 'node:events';
import { resolve } from 'node:path';
import { stdin, stdout } from 'node:process';
import { recordDemo } from '../test/browser/scene.ts';
import { startApi } from '../test/flow/api.ts';

/** Where the process with the stack answers. */
export interface Served {
  readonly gateway: string;
  readonly dynamodb: string;
  readonly lineage: string;
}

/** As many processes of the function as answer side by side: Lambda starts one for every request that waits. */
const PROCESSES = 4;

/** Serves the embedded stack with two weeks of a tag until its input ends. */
export async function serveLookups(): Promise<void> {
  const api = await startApi(recordDemo, {
    processesPerFunction: PROCESSES,
    bootstrap: resolve('dist/local/bootstrap.mjs'),
  });
  const served: Served = {
    gateway: api.url,
    dynamodb: api.tables.url,
    lineage: api.tables.lineage.name,
  };
  stdout.write(`${JSON.stringify(served)}\n`);
  stdin.resume();
  await once(stdin, 'end');
  await api.stop();
}
