/**
 * The `source` of our hints, and of verdicts on an event bus. No rule of ours forwards it, and the queues take messages of
 * our rules and roles only.
 */
export const OURSELVES = 'scan-response';

/** The `source` of the reconciler's. */
export const RECONCILER = 'scan-response.reconcile';

/** The `source` of events that a backfill read from CloudTrail. Only OperatorRole can say it. */
export const BACKFILL = 'scan-response.backfill';

/** The scan status in a hint about an image that should have been scanned long ago; AWS has no such status. */
export const NEVER_SCANNED = 'NEVER_SCANNED';
