import type { Digest } from '../image/digest.ts';
import type { ImageKind } from '../image/manifest.ts';
import type { Image, Repository, Tag } from '../image/reference.ts';
import type { Origin, TagEventSource, Window } from '../image/tag-event.ts';
import type { Untrusted } from '../image/untrusted.ts';
import type { Instant } from '../instant.ts';
import type { Said } from '../scan/announced.ts';
import type { Rollout } from '../workload/rollout.ts';
import type { Task } from '../workload/task.ts';
import type { Workload } from '../workload/workload.ts';

/** Something happened to an image: pushed, deleted, archived, restored. */
export interface ImageAction {
  readonly kind: 'image-action';
  readonly action: 'push' | 'delete' | 'archive' | 'restore';
  readonly eventId: string;
  readonly at: Instant;
  readonly repository: Repository;
  /** A delete by tag may name no digest. */
  readonly digest?: Digest;
  /** Absent for a push by digest, as every platform of an index has one. */
  readonly tag?: Tag;
  /** Absent when the event has no media types: the registry is asked then. */
  readonly imageKind?: ImageKind;
  /** Present when the time is a guess of the reconciler's. */
  readonly window?: Window;
  /** Where it was replicated from. */
  readonly origin?: Origin;
  /** It came through a pull-through cache: others built it, and no commit of ours is in it. */
  readonly isUpstream?: true;
  /** Present when it was read from CloudTrail's history afterwards, with who did it. */
  readonly source?: TagEventSource;
  readonly actor?: Untrusted;
}

/** A scan may have ended. Only a hint: counts and tags are read again from the registry. */
export interface ScanHint extends Said {
  readonly kind: 'scan-hint';
  readonly eventId: string;
  readonly at: Instant;
  readonly image: Image;
  /** An image got a tag: its scan is there, or has a hint of its own still to come. Nothing is waited for. */
  readonly isRetag?: true;
  /** It should have been scanned long ago: there is nothing to wait for any more. */
  readonly isOverdue?: boolean;
}

/** A finding of enhanced scanning was opened, closed or suppressed; hundreds come at once. Only a hint, too. */
export interface FindingHint {
  readonly kind: 'finding-hint';
  readonly eventId: string;
  readonly at: Instant;
  readonly images: readonly Image[];
}

/** What the registry has about an image's origin is to be read. */
export interface DocumentsHint {
  readonly kind: 'documents-hint';
  readonly eventId: string;
  readonly at: Instant;
  readonly image: Image;
  /** They have been read before. */
  readonly isAgain?: true;
}

/** A task of ECS started, changed or stopped. Not a hint: what ran cannot be asked for later. */
export interface TaskChange {
  readonly kind: 'task-change';
  readonly eventId: string;
  readonly at: Instant;
  readonly task: Task;
}

/** A deployment of a service began, ended or failed. */
export interface RolloutChange {
  readonly kind: 'rollout-change';
  readonly eventId: string;
  readonly at: Instant;
  readonly workload: Workload;
  readonly deployment: string;
  readonly rollout: Rollout;
}

export type IntakeEvent = ImageAction | ScanHint | FindingHint | DocumentsHint | TaskChange | RolloutChange;
