/** A blob that is not taken; the message is in our own words and never has its address. */
export class BlobRefused extends Error {
  override readonly name = 'BlobRefused';
  /** Whether trying again later may help. */
  readonly mayPass: boolean;
  constructor(message: string, mayPass = false) {
    super(message);
    this.mayPass = mayPass;
  }
}

/** How long a fetch may still take. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Bytes have begun to come. */
  readonly began: () => void;
  /** Ends it now, for a reason in our own words; trying again later may help. */
  readonly cut: (why: string) => void;
  /** Why it was cut off; undefined when it was not. */
  readonly reason: () => BlobRefused | undefined;
  /** Forgets the timers, and ends what still goes on. */
  readonly end: () => void;
}

/** Two limits on one fetch, in milliseconds: for the whole of it, and for its first byte. */
export function deadline(totalMs: number, firstByteMs: number): Deadline {
  const controller = new AbortController();
  let reason: BlobRefused | undefined;
  const cut = (why: string) => {
    reason ??= new BlobRefused(why, true);
    controller.abort();
  };
  const total = setTimeout(cut, totalMs, `the blob took more than ${totalMs} ms`);
  const first = setTimeout(cut, firstByteMs, `no byte of the blob came within ${firstByteMs} ms`);
  return {
    signal: controller.signal,
    began: () => clearTimeout(first),
    cut,
    reason: () => reason,
    end() {
      clearTimeout(total);
      clearTimeout(first);
      controller.abort();
    },
  };
}
