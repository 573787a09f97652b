import type { Tools } from '../cli/command.ts';
import * as config from '../config.ts';
import { once } from '../once.ts';
import { lookupPorts } from './lookup.ts';

// The composition root of the look-ups over HTTP.

/** What the commands get to work with, where nobody watches: one client for all questions of a process. */
export function apiTools(env = config.environment): Tools {
  const ports = once(() => lookupPorts(env));
  return {
    lookup: async () => ports(),
    now: () => new Date(),
    stage: '',
    environment: env,
    progress() {},
    waiting() {},
  };
}
