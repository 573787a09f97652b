import type { Repository } from '../image/reference.ts';

/** The question is right and has no answer; `why` says what is known instead. */
export interface NotFound {
  readonly found: 'nothing';
  readonly why: string;
  /** What to ask instead. */
  readonly hint?: string;
  /** It would be there, if more of it were said. */
  readonly lacks?: 'tag';
}

/** The name fits several repositories; one of them has to be chosen. */
export interface Ambiguous {
  readonly found: 'several';
  readonly candidates: readonly Repository[];
}

export function notFound(why: string, hint?: string): NotFound {
  return { found: 'nothing', why, ...(hint && { hint }) };
}
