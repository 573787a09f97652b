import { missingForEventRuler } from './event-ruler.ts';
import { missingForRuntimeClient } from './runtime-client.ts';

/**
 * Installs what is compared with, once, before any test file asks for it: AWS's runtime client compiles for about
 * a minute. What cannot be had here is skipped by its tests, which say why.
 */
export async function setup(): Promise<void> {
  const paths = process.argv.slice(2).filter((argument) => argument.includes('test/'));
  if (paths.length > 0 && !paths.some((path) => path.includes('test/cloud/oracles'))) return;
  await missingForEventRuler();
  await missingForRuntimeClient();
}
