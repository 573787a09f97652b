import type { Repository } from '../image/reference.ts';
import type { Instant } from '../instant.ts';

/** The first message about a tracked reference in a channel; later ones answer to it until all is clear. */
export interface Thread {
  /** The one that it was begun for. */
  readonly reference: string;
  /** The message's id in its channel, a time. */
  readonly ts: string;
  /** False once all was clear: the next alert begins another. */
  readonly isOpen: boolean;
  readonly openedAt: Instant;
  /** What the message showed then, as it was sent: an update says that it is clear and keeps the rest. */
  readonly blocks: string;
}

/** Where threads are kept. What is lost there costs a new thread and no message. */
export interface ThreadPorts {
  /** The threads of these references in a channel, in their order; of some there is none. */
  readonly find: (
    repository: Repository,
    references: readonly string[],
    channel: string,
  ) => Promise<readonly Thread[]>;
  /** Keeps a new one, unless another is open: the one that it `replaces` is gone. */
  readonly open: (
    repository: Repository,
    channel: string,
    thread: Thread,
    replaces?: string,
  ) => Promise<void>;
  /** Ends it, unless another has taken its place. */
  readonly close: (repository: Repository, channel: string, thread: Thread) => Promise<void>;
}

/** The id of a channel, public or private, as it stands at the end of "About": its name changes. */
export function isChannelId(text: string): boolean {
  return /^[CG][A-Z0-9]{7,20}$/.test(text);
}
