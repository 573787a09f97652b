import { missingForEventRuler, prepareEventRuler } from './event-ruler.ts';
import { missingForRuntimeClient, prepareRuntimeClient } from './runtime-client.ts';

/**
 * Installs what is compared with, once, before any test file asks for it: AWS's runtime client compiles for about
 * a minute. What cannot run on this machine is left out here, and skipped by its tests.
 */
export async function setup(): Promise<void> {
  const paths = process.argv.slice(2).filter((argument) => argument.includes('test/'));
  if (paths.length > 0 && !paths.some((path) => path.includes('test/cloud/oracles'))) return;
  if (!(await missingForEventRuler())) await prepareEventRuler();
  if (!(await missingForRuntimeClient())) await prepareRuntimeClient();
}
