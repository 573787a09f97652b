import type { TestProject } from 'vitest/node';
import { missingForEventRuler } from './event-ruler.ts';
import { missingForRuntimeClient } from './runtime-client.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why there is no Event Ruler here; undefined where there is one. */
    noEventRuler: string | undefined;
    /** Why there is none of AWS's runtime clients here; undefined where there is one. */
    noRuntimeClient: string | undefined;
  }
}

/**
 * Installs what is compared with, once, before any test file asks for it: AWS's runtime client compiles for about
 * a minute, and where it cannot be compiled nobody tries again. What cannot be had here is skipped by its tests,
 * which say why.
 */
export async function setup(project: TestProject): Promise<void> {
  const paths = process.argv.slice(2).filter((argument) => argument.includes('test/'));
  if (paths.length > 0 && !paths.some((path) => path.includes('test/cloud/oracles'))) return;
  project.provide('noEventRuler', await missingForEventRuler());
  project.provide('noRuntimeClient', await missingForRuntimeClient());
}
