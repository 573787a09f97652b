import type { Reading } from '../doctor/reading.ts';
import type { CheckId } from './catalogue.ts';

/** A check that could not be made somewhere, and why. */
export interface Unread {
  readonly check: CheckId;
  readonly why: string;
}

/** Why a check was not made where its question was not answered; nothing where it was. */
export function unreadOf(check: CheckId, from: Reading<unknown>): readonly Unread[] {
  if (from.state === 'denied') return [{ check, why: `you may not ${from.action}` }];
  if (from.state === 'failed') return [{ check, why: `${from.name}: ${from.message}` }];
  return [];
}
