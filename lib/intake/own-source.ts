/** The `source` of the reconciler's hints. No rule forwards it, and the queues refuse everybody but our own roles. */
export const RECONCILER = 'scan-response.reconcile';

/** The `source` of events that a backfill read from CloudTrail. Only OperatorRole can say it. */
export const BACKFILL = 'scan-response.backfill';

/** The scan status in a hint about an image that should have been scanned long ago; AWS has no such status. */
export const NEVER_SCANNED = 'NEVER_SCANNED';
