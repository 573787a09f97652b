import type { Unread } from '../image/documents-reading.ts';
import { BlobRefused } from './blob-deadline.ts';

const THROTTLED = /Throttl|TooManyRequests|LimitExceeded|SlowDown/;

/**
 * Why a part could not be read, by the name of the error and what was asked for; messages of AWS name people. What the
 * caller did wrong stays wrong; what was too much, too late or the service's fault passes.
 */
export function troubleWith(what: string, error: unknown): Unread {
  if (error instanceof BlobRefused) return { why: `${what}: ${error.message}`, mayPass: error.mayPass };
  const { name = 'failed' } = error as { readonly name?: string };
  return { why: `${what}: ${name}`, mayPass: mayPass(error) };
}

/** Whether a call that failed so may work later. */
export function mayPass(error: unknown): boolean {
  const { name = 'failed', $fault } = error as { readonly name?: string; readonly $fault?: string };
  return $fault !== 'client' || THROTTLED.test(name);
}
