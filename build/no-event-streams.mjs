/**
 * Stands in for `@smithy/core/event-streams` in the functions' bundles: none of the operations that they call answers with
 * a stream of events (only such a one loads this), and no client but one of those names it.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error('this bundle was built without event streams: build/no-event-streams.mjs');
  }
}

export const eventStreamSerdeProvider = EventStreamSerde;
