import { BadReference } from '../errors.ts';

/** Returns the name of a stage; throws BadReference for what can be none. */
export function checkStage(stage: string): string {
  if (/^[A-Za-z0-9-]{1,40}$/.test(stage)) return stage;
  throw new BadReference('--stage takes letters, digits and hyphens');
}
