/** What we were given cannot be used, now or later: goes to the dead letters with this message, once. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
  /** What lies in the dead letters in place of the message, where sending it back has to say more. */
  readonly deadLetter: string | undefined;
  constructor(message: string, deadLetter?: string) {
    super(message);
    this.deadLetter = deadLetter;
  }
}

/** The configuration is missing or wrong; the message says which name and what it should hold. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The facts are not there yet: come back after `retryAfterSeconds`. Not a failure. */
export class NotReady extends Error {
  override readonly name = 'NotReady';
  readonly retryAfterSeconds: number;
  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A name given by a person or found in a document is not an image reference, tag, digest or time. */
export class BadReference extends Error {
  override readonly name = 'BadReference';
}

/** A clock showed this time twice; `readings` are the two times, one line each. */
export class AmbiguousTime extends Error {
  override readonly name = 'AmbiguousTime';
  readonly readings: readonly string[];
  constructor(message: string, readings: readonly string[]) {
    super(message);
    this.readings = readings;
  }
}
