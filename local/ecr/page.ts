import { ServiceFault } from '../json-protocol.ts';

export interface Paging {
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** One page of a list and, unless it is the last, the token for the next; 100 items when nothing is asked. */
export function page<T>(items: readonly T[], { maxResults = 100, nextToken = '0' }: Paging) {
  const start = Number(nextToken);
  if (!Number.isInteger(start) || maxResults < 1 || maxResults > 1000) {
    throw new ServiceFault(
      'InvalidParameterException',
      'nextToken is unknown, or maxResults is not 1 to 1000',
    );
  }
  const end = start + maxResults;
  return { items: items.slice(start, end), nextToken: end < items.length ? String(end) : undefined };
}
