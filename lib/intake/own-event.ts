import type { Repository } from '../image/reference.ts';
import type { Instant } from '../instant.ts';

/** A message of ours about something in a repository. */
export interface OwnEvent {
  readonly id: string;
  /** One of `own-source.ts`. */
  readonly source: string;
  readonly type: string;
  readonly at: Instant;
  readonly repository: Repository;
  readonly detail: object;
}

/** Its text, as `parseEvent` reads it. */
export function formatOwnEvent(event: OwnEvent): string {
  return JSON.stringify(envelope(event));
}

/** The text of an event that AWS should have sent, in the form in which it would have come. */
export function formatMissedEvent(event: OwnEvent): string {
  return JSON.stringify({ version: '0', resources: [], ...envelope(event) });
}

function envelope({ id, source, type, at, repository: { account, region, name }, detail }: OwnEvent) {
  return {
    ...{ id, source, 'detail-type': type, account, time: at, region },
    detail: { 'repository-name': name, ...detail },
  };
}
