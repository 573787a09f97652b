import { prepareTools } from './tools.ts';

/** Installs the emulators once, before any test file asks for them; a run without them ends here, and says why. */
export async function setup(): Promise<void> {
  await prepareTools();
}
