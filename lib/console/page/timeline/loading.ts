import type { HistoryEntry } from '../../../lookup/history.ts';
import type { Life } from '../../../lookup/life.ts';
import { ask, type Said } from '../api.ts';
import type { HistoryDocument } from '../documents.ts';
import { joined } from './stays.ts';

/** What has been read of a history so far. */
export interface Read {
  readonly entries: readonly HistoryEntry[];
  /** There are older ones, or there may be. */
  readonly isMore: boolean;
}

/** How many entries are asked for at first, so that something is seen soon; and then at once. */
const FIRST = 60;
const NEXT = 500;
/** Of so many entries it is asked at once what became of their images; some seconds of look-ups on AWS. */
const DETAILED = 40;

/** The newest entries. */
export async function loadFirst(reference: string, signal: AbortSignal): Promise<Said<HistoryDocument>> {
  return ask<HistoryDocument>('history', { reference, limit: String(FIRST) }, signal);
}

/** What is read when the first page is this long. */
export function begun(entries: readonly HistoryEntry[]): Read {
  return { entries, isMore: entries.length >= FIRST };
}

/** The entries with a page of older ones behind them; or why there is none. */
export async function loadOlder(reference: string, read: Read, signal: AbortSignal): Promise<Read | string> {
  const at = read.entries.at(-1)?.at;
  const said = await ask<HistoryDocument>('history', { reference, at, limit: String(NEXT) }, signal);
  if (said.is !== 'found')
    return 'error' in said ? said.error : 'The name means several repositories by now.';
  const entries = joined(read.entries, said.document.entries);
  const isMore = said.document.entries.length >= NEXT && entries.at(-1)?.at !== at;
  return { entries, isMore };
}

/** What became of the images of the entries from the `nth` on; nothing when it cannot be read now. */
export async function loadLives(
  reference: string,
  entries: readonly HistoryEntry[],
  nth: number,
  signal: AbortSignal,
): Promise<readonly Life[]> {
  const parameters = { reference, at: entries[nth]?.at, limit: String(DETAILED), details: 'true' };
  const said = await ask<HistoryDocument>('history', parameters, signal);
  return said.is === 'found' ? (said.document.images ?? []) : [];
}
