import type { ImagePage, Page, RepositoryPage } from '../image/listed-image.ts';
import type { Repository, Tag } from '../image/reference.ts';
import type { TagEvent, TagName } from '../image/tag-event.ts';
import type { TagHead } from '../image/tag-head.ts';
import type { Period } from '../instant.ts';
import type { TRAIL_EVENT_NAMES } from './trail-event.ts';

/** What a backfill needs from outside. */
export interface BackfillPorts {
  readonly now: () => Date;
  /** Events as JSON texts, newest first. Each page is one call; the port keeps to the rate that CloudTrail takes. */
  readonly lookUpEvents: (
    query: Period & { readonly eventName: (typeof TRAIL_EVENT_NAMES)[number] },
    nextToken?: string,
  ) => Promise<Page<string>>;
  readonly listRepositories: (nextToken?: string) => Promise<RepositoryPage>;
  readonly listImages: (repository: Repository, nextToken?: string) => Promise<ImagePage>;
  /** A tag's events of a period. */
  readonly loadEvents: (name: TagName, period: Period) => Promise<readonly TagEvent[]>;
  readonly loadHeads: (repository: Repository) => Promise<ReadonlyMap<Tag, TagHead>>;
  /** Puts messages into the queue for pushes; when it resolves, SQS has them. */
  readonly sendPushes: (bodies: readonly string[]) => Promise<void>;
}
