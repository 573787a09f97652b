/** The `source` of the reconciler's hints. No rule forwards it, and the queues refuse everybody but our own roles. */
export const RECONCILER = 'scan-response.reconcile';

/** The scan status in a hint about an image that should have been scanned long ago; AWS has no such status. */
export const NEVER_SCANNED = 'NEVER_SCANNED';
